import { readFileSync } from 'node:fs';
import type { NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import { checklistProjection } from '../../shared/projections/checklist.ts';
import { roomProjection } from '../../shared/projections/room.ts';
import { verdictsProjection } from '../../shared/projections/verdicts.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { bindItems } from '../../shared/target/bind.ts';
import { parseTarget } from '../../shared/target/parse.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const events = 100_000;
const shipped = (file: string): string =>
  readFileSync(new URL(`../../shared/runbooks/${file}`, import.meta.url), 'utf8');

/** What a long and restless run writes: items sensed to and fro, ticks, notes, changes of health. */
const restless = (items: readonly string[]): RecordedEvent[] =>
  Array.from({ length: events }, (_, at) => {
    const item = items[(at * 31) % items.length] as never;
    const kinds: readonly NewEvent[] = [
      {
        type: 'item-sensed',
        body: {
          item,
          state: at % 2 === 0 ? 'ok' : 'warn',
          value: '4 ms',
          sentence: 'It answered.',
          sources: ['health'],
          sampleAt: at,
        },
      },
      {
        type: 'health-changed',
        body: {
          subject: 'metric',
          id: `metric-${at % 40}`,
          label: 'Metric',
          from: 'ok',
          to: 'warn',
          text: '4 ms',
          sentence: 'Over.',
          sampleAt: at,
        },
      },
      { type: 'item-focused', body: { item } },
      { type: 'item-ticked', body: { item, value: null } },
      { type: 'item-unticked', body: { item, reason: 'ticked by mistake' } },
    ];
    return {
      ...kinds[at % kinds.length],
      seq: at + 1,
      at,
      runId: 'bench' as RunId,
      by: { kind: 'app' },
      prevHash: '',
      hash: '',
    } as RecordedEvent;
  });

/** How long a window that was away folds a history of 100,000 events, against walking the same events once. */
export const foldBench = (): readonly Figure[] => {
  const runbook = parseRunbook(shipped('production-deployment-checklist.md'));
  const { target } = parseTarget(shipped('practice.target.yaml'));
  const context = { runbook, bindings: target === null ? [] : bindItems(runbook, target).bound };
  const history = restless(checklistProjection.init(context).items.map((view) => view.id));

  const bare = performance.now();
  let walked = 0;
  for (const event of history) walked += event.type.length;
  const bareMs = Math.max(performance.now() - bare, 0.01);
  if (walked === 0) throw new Error('There is nothing to fold.');

  const began = performance.now();
  let checklist = checklistProjection.init(context);
  let room = roomProjection.init(context);
  let verdicts = verdictsProjection.init(context);
  for (const event of history) {
    checklist = checklistProjection.apply(checklist, event);
    room = roomProjection.apply(room, event);
    verdicts = verdictsProjection.apply(verdicts, event);
  }
  const foldMs = performance.now() - began;
  return [figure('fold of 100,000 events into every projection (limit 1,000 ms)', foldMs, 'ms', bareMs)];
};
