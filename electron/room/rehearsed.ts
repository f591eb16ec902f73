import type { NewEvent } from '../../shared/events.ts';
import type { EventLog } from '../store/event-log.ts';
import type { OpenRoom } from './room.ts';
import { ticksOf } from './ticks.ts';

/** An older rehearsal says little about the plan of today. */
const freshMs = 30 * 86_400_000;

/**
 * Answers "Review rollback procedures and test in staging" from evidence: a rollback of the same service that finished
 * outside of production in the last 30 days, in this run or in an earlier one.
 */
export const rehearsed = (log: EventLog, room: OpenRoom): readonly NewEvent[] => {
  const { target } = room.context;
  const named = target.rollback?.rehearses ?? [];
  if (named.length === 0) return [];
  const since = Date.now() - freshMs;
  const rollbacks = new Set(
    log.ofType('rollback-confirmed').flatMap(({ body }) => (body.purpose === 'rollback' ? body.rollback : [])),
  );
  const runs = new Map(log.ofType('run-started').map((event) => [event.runId, event.body]));
  const proof = log.ofType('rollback-finished').findLast(({ at, runId, body }) => {
    const run = runs.get(runId);
    const here = run?.service === target.service && run.environment !== 'production';
    return here && at >= since && rollbacks.has(body.rollback);
  });
  if (proof === undefined) return [];
  const when = new Date(proof.at).toISOString().slice(0, 16).replace('T', ' ');
  const value = `Rehearsed ${when} UTC in ${runs.get(proof.runId)?.environment ?? ''}: ${proof.body.sentence}`;
  return ticksOf(room, named, value);
};
