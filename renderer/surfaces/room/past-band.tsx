import { useEffect } from 'react';
import { holdClock } from '../../now.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { goToPast, goToRun } from '../../route.ts';
import { dayTime } from '../../words.ts';
import { useRun } from './room-context.tsx';

/** Said across the room while it is shown as it was: when that is, a way to move in time, and the way back. */
export const PastBand = () => {
  const past = useRun((view) => view.past);
  const runId = useRun(({ context }) => context.runId);
  const entries = past?.entries ?? [];
  const reached = entries.findLastIndex(({ seq }) => seq <= (past?.at ?? 0));
  const moment = entries[reached]?.at ?? null;
  useEffect(() => {
    holdClock(moment);
    return () => holdClock(null);
  }, [moment]);
  if (past === null) return null;
  const move = (to: number): void => {
    const entry = entries[to];
    if (entry !== undefined) goToPast(runId, entry.seq);
  };
  return (
    <section className="past-band" aria-label="The past">
      <Glyph name="clock" />
      <p>
        As it was at <b>{moment === null ? 'the start' : dayTime(moment)}</b>, after entry {past.at}. Live values are
        not part of it.
      </p>
      <input
        type="range"
        min={0}
        max={Math.max(0, entries.length - 1)}
        value={Math.max(0, reached)}
        aria-label="Entry of the run"
        aria-valuetext={moment === null ? 'the start' : dayTime(moment)}
        onChange={(event) => move(Number(event.target.value))}
      />
      <button onClick={() => goToRun(runId)}>Back to now</button>
    </section>
  );
};
