import type { RunContext } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { Reading } from '../../shared/health.ts';
import type { Room } from '../../shared/projections/room.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { opensAt } from '../../shared/schedule.ts';
import type { Opening } from '../../shared/schedule.ts';
import { runNow, speedOf } from '../../shared/schedule/run-clock.ts';

/** A request that came due longer ago than this (ms) came due while nobody was there. */
const presentMs = 5_000;

/**
 * The requests that cost or change something and whose item has opened: each is asked once in a run, by an intent that
 * is on disk before it is sent. What came due while the machine slept or the app was closed is held back for a person.
 */
export const onceDue = (
  context: Pick<RunContext, 'bindings' | 'target'>,
  openings: ReadonlyMap<ItemId, Opening>,
  head: Room,
  now: number,
): readonly Extract<NewEvent, { type: 'once-asked' | 'once-held' }>[] => {
  const run = runNow(head.clock, now);
  const due = new Map<string, number>();
  for (const { item, probes, metrics } of context.bindings) {
    const opening = openings.get(item);
    const from = opening === undefined ? null : opensAt(opening, head.t0?.run ?? null);
    if (opening === undefined || from === null || run < from) continue;
    // What needs no T-0 came due when a person started the run, the rest not before a T-0 was known.
    const latenessMs =
      opening.kind === 'now' ? 0 : (run - Math.max(from, head.t0?.saidRun ?? from)) / speedOf(head.clock);
    const behind = metrics.flatMap((metric) => context.target.metrics[metric]?.probe ?? []);
    for (const probe of [...probes, ...behind])
      if (context.target.probes[probe]?.once === true && !head.once.has(probe))
        due.set(probe, Math.max(due.get(probe) ?? 0, latenessMs));
  }
  return [...due].map(([probe, latenessMs]) =>
    latenessMs > presentMs
      ? { type: 'once-held', body: { probe, latenessMs } }
      : { type: 'once-asked', body: { probe } },
  );
};

type Probes = Pick<RunContext['target'], 'probes'>;
type Answered = Extract<NewEvent, { type: 'probe-answered' }>;

const longest = 4_000;

/** What came of each request that was asked and answers now: its health tells it only where that changed. */
export const onceAnswered = (
  { probes }: Probes,
  { asking }: Pick<Room, 'asking'>,
  readings: readonly Reading[],
): readonly Answered[] =>
  readings
    .filter(({ probe }) => asking.has(probe))
    .map(({ probe, verdict, sentence, tookMs }) => ({
      type: 'probe-answered',
      body: {
        ...{ probe, label: probes[probe]?.label ?? probe, verdict, sentence: sentence.slice(0, longest) },
        tookMs: Math.max(0, Math.round(tookMs)),
      },
    }));

/** What was asked in an earlier life of this app and never answered. */
export const onceLost = ({ probes }: Probes, { asking }: Pick<Room, 'asking'>): readonly Answered[] =>
  [...asking].map((probe) => ({
    type: 'probe-answered',
    body: {
      ...{ probe, label: probes[probe]?.label ?? probe, verdict: 'lost', tookMs: null },
      sentence: 'War Room went away before it answered. It may have had its effect: look, before you ask it again.',
    },
  }));
