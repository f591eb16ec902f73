import type { Alarms } from '../projections/alarms.ts';
import { floodWindowMs } from './timing.ts';

/** How good the alarms of a run were to live with (EEMUA 191: under 1 in 10 minutes, under 1 % of the time in flood). */
export type AlarmFigures = {
  /** New alarms that stood for themselves. */
  readonly raised: number;
  /** New alarms in ten minutes: the mean over the run, and the most in any ten minutes. */
  readonly perTenMin: { readonly mean: number; readonly max: number };
  /** Part of the time, 0 to 1. */
  readonly inFlood: number;
  /** The ten subjects that raised most, and what part of all they are, 0 to 1. */
  readonly top: readonly { readonly label: string; readonly count: number }[];
  readonly topShare: number;
  /** Labels of alarms that stood, or still stand, longer than a shift. */
  readonly stale: readonly string[];
};

/** Longer than a shift of eight hours: nobody acts on it any more, or nobody can. */
const staleMs = 8 * 3_600_000;
const topOf = 10;

const mostWithin = (times: readonly number[], windowMs: number): number => {
  let from = 0;
  let most = 0;
  times.forEach((at, index) => {
    while (at - (times[from] ?? at) >= windowMs) from += 1;
    most = Math.max(most, index - from + 1);
  });
  return most;
};

/** From the history of a run's alarms, from its start to its end or to now (UTC epoch ms). */
export const alarmFigures = ({ history, floods }: Alarms, from: number, to: number): AlarmFigures => {
  const lasted = Math.max(1, to - from);
  const own = history.filter(({ cause }) => cause === null);
  const counts = [...Map.groupBy(own, ({ key }) => key).values()]
    .map((raised) => ({ label: raised[0]?.label ?? '', count: raised.length }))
    .toSorted((a, b) => b.count - a.count);
  const top = counts.slice(0, topOf);
  const flooded = floods.reduce((sum, flood) => sum + Math.max(0, (flood.to ?? to) - flood.from), 0);
  return {
    raised: own.length,
    // A run shorter than ten minutes has had what it has had: it is not scaled up.
    perTenMin: {
      mean: own.length / Math.max(1, lasted / floodWindowMs),
      max: mostWithin(
        own.map(({ at }) => at),
        floodWindowMs,
      ),
    },
    inFlood: Math.min(1, flooded / lasted),
    top,
    topShare: own.length === 0 ? 0 : top.reduce((sum, { count }) => sum + count, 0) / own.length,
    stale: [...new Set(history.filter((one) => (one.clearedAt ?? to) - one.at > staleMs).map(({ label }) => label))],
  };
};
