import type { GateSight } from '../shared/gate-rules.ts';
import { aftermathOf } from '../shared/incidents/aftermath.ts';
import { dueList } from '../shared/schedule/due.ts';
import type { DueList } from '../shared/schedule/due.ts';
import { runTime } from '../shared/schedule/run-clock.ts';
import { runMoment } from './run-time.ts';
import type { RunView } from './run-view.ts';

/** What the gates are judged by in this window: the same rules as in the main process, for what is shown. */
export const gateSightOf = (view: RunView, now: number): GateSight => ({
  plan: view.plan,
  voters: view.voters,
  checklist: view.checklist,
  rounds: view.rounds,
  gates: view.gates,
  t0: view.room.t0?.run ?? null,
  now: runMoment(view.room, now),
});

/**
 * What the clock asks for now, from T-0 or the planned one. Null while there is neither and nothing happened that leaves
 * something to do, and once the run is closed.
 */
export const dueOf = (view: RunView, now: number): DueList | null => {
  const { room, plan, checklist, rollbacks, incidents } = view;
  const planned = room.started?.plannedT0 ?? null;
  const t0 = room.t0?.run ?? (planned === null ? null : runTime(room.clock, planned));
  const begun = room.started?.at ?? 0;
  if (room.closed !== null) return null;
  const aftermath = aftermathOf({
    runbook: view.context.runbook,
    checklist,
    rollbacks,
    incidents,
    clock: room.clock,
  });
  return t0 === null && aftermath.length === 0
    ? null
    : dueList(plan, { ...gateSightOf(view, now), t0, begun }, aftermath);
};
