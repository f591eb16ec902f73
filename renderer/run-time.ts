import type { Room } from '../shared/projections/room.ts';
import { runNow, runTime } from '../shared/schedule/run-clock.ts';

/**
 * Where moments stand against T-0, in ms of the run's own time: a practice run may go faster than the wall clock, and a
 * set clock does not move it. Null while there is no T-0.
 */
type Clocked = Pick<Room, 'clock' | 't0' | 'closed'>;

/** A moment that was written down (UTC epoch ms). */
export const sinceT0 = ({ clock, t0 }: Pick<Clocked, 'clock' | 't0'>, at: number): number | null =>
  t0 === null ? null : runTime(clock, at) - t0.run;

/** The end of a closed run stands for ever after. */
export const runMoment = ({ clock, closed }: Pick<Clocked, 'clock' | 'closed'>, now: number): number =>
  closed === null ? runNow(clock, now) : runTime(clock, closed.at);

/** This very moment. */
export const nowSinceT0 = (room: Clocked, now: number): number | null =>
  room.t0 === null ? null : runMoment(room, now) - room.t0.run;

/** This very moment against T-0 or, as long as there is none, against the planned one. */
export const nowSincePlan = (room: Clocked & Pick<Room, 'started'>, now: number): number | null => {
  const planned = room.started?.plannedT0 ?? null;
  return nowSinceT0(room, now) ?? (planned === null ? null : runMoment(room, now) - runTime(room.clock, planned));
};
