import type { NewEvent } from '../../shared/events.ts';
import { heldBack } from '../../shared/gate-rules.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import { itemWords } from '../../shared/projections/timeline.ts';
import { sameWords } from '../../shared/target/bind.ts';
import { bad, doubtful, good } from '../rollback/checks.ts';
import type { Found } from '../rollback/checks.ts';
import type { OpenRoom } from './room.ts';

/** What a finished deployment answers by itself: the items that the target names, and T-0 where nothing set it yet. */
export const deployed = (room: OpenRoom, rollback: Rollback): readonly NewEvent[] => {
  const { target, runbook } = room.context;
  const wanted = new Set((target.deploy?.ticks ?? []).map(sameWords));
  const words = itemWords(runbook);
  const steps = rollback.steps.map(({ label, sentence }) => `${label}: ${sentence}`);
  const value = `Deployed by War Room in ${steps.length} steps. ${steps.at(-1) ?? ''}`.slice(0, 2_000);
  const ticks = room
    .checklist()
    .items.filter(
      ({ id, kind, mark }) => kind === 'human' && mark === null && wanted.has(sameWords(words.get(id) ?? '')),
    )
    .map(({ id }): NewEvent => ({ type: 'item-ticked', body: { item: id, value } }));
  if (room.head().t0 !== null) return ticks;
  const first = rollback.steps.find(({ startedAt }) => startedAt !== null)?.startedAt ?? rollback.confirmed?.at ?? 0;
  const sentence = `the deployment of ${rollback.preflight?.to ?? ''} was started from here`;
  return [...ticks, { type: 't0-set', body: { t0: first, source: 'probe', sentence } }];
};

/** Whether the people said go for the deployment phase. In a rehearsal a missing go is pointed out, and stops nobody. */
export const goFor = (room: OpenRoom): Found => {
  const phase = room.context.runbook.phases.find(({ role }) => role === 'deployment');
  const gate = phase === undefined ? null : heldBack(room.gateSight(), phase.id);
  if (gate === null) return good(phase === undefined ? 'The document has no deployment phase' : 'said');
  const sentence = `The gate "${gate.title}" has not been passed.`;
  return room.head().started?.practice === true ? doubtful(sentence) : bad(sentence);
};
