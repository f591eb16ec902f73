import type { Point, RunContext } from '../contract.ts';
import { formatNumber } from '../format.ts';
import type { Health, HealthState } from '../health.ts';
import type { Line } from '../target/line.ts';

/** One metric or probe as a wall shows it: the number and its unit apart, so that the number can be large. */
export type WallTile = {
  readonly id: string;
  readonly label: string;
  readonly state: HealthState;
  /** Empty where there is none. */
  readonly number: string;
  readonly unit: string;
  /** When the newest reading behind it was taken, UTC epoch ms. */
  readonly at: number | null;
  /** "limit 500 · before 311": what it is judged by; empty for a probe. */
  readonly lines: string;
  /** Only of what is not well: the way it came, for a small curve. */
  readonly points: readonly Point[];
  readonly target: Line | null;
  readonly alert: Line | null;
  readonly baseline: number | null;
};

export type HealthNow = {
  readonly probes: ReadonlyMap<string, Health>;
  readonly metrics: ReadonlyMap<string, Health>;
  readonly points: ReadonlyMap<string, readonly Point[]>;
};

const curveLength = 48;
const quiet: readonly HealthState[] = ['ok', 'pending', 'absent'];

const split = (text: string, unit: string): readonly [string, string] =>
  unit !== '' && text.endsWith(unit) ? [text.slice(0, -unit.length).trim(), unit] : [text, ''];

const decimals = (value: number): number => String(value).split('.')[1]?.length ?? 0;

const linesOf = (alert: Line | undefined, target: Line | undefined, baseline: number | null, digits: number): string =>
  [
    (alert ?? target) === undefined
      ? null
      : `limit ${formatNumber((alert ?? target)!.value, decimals((alert ?? target)!.value))}`,
    baseline === null ? null : `before ${formatNumber(baseline, digits)}`,
  ]
    .filter((words) => words !== null)
    .join(' · ');

/** Every metric and every probe of a run as it stands; what has not answered yet is pending, never green. */
export const wallTiles = (
  { target }: Pick<RunContext, 'target'>,
  { probes, metrics, points }: HealthNow,
  baselineOf: (metric: string) => number | null,
): readonly WallTile[] => {
  const ofMetrics = Object.entries(target.metrics).map(([id, spec]): WallTile => {
    const health = metrics.get(id);
    const state = health?.state ?? 'pending';
    const [number, unit] = health === undefined || health.value === null ? ['', ''] : split(health.text, spec.unit);
    const baseline = baselineOf(id);
    return {
      id: `metric ${id}`,
      label: spec.label,
      state,
      number,
      unit,
      at: health?.at ?? null,
      lines: linesOf(spec.alert, spec.target, baseline, spec.digits),
      points: quiet.includes(state) ? [] : (points.get(id) ?? []).slice(-curveLength),
      target: spec.target ?? null,
      alert: spec.alert ?? null,
      baseline,
    };
  });
  const ofProbes = Object.entries(target.probes).map(([id, spec]): WallTile => {
    const health = probes.get(id);
    return {
      id: `probe ${id}`,
      label: spec.label,
      state: health?.state ?? 'pending',
      number: '',
      unit: '',
      at: health?.at ?? null,
      lines: '',
      points: [],
      target: null,
      alert: null,
      baseline: null,
    };
  });
  return [...ofMetrics, ...ofProbes];
};

/**
 * What is to be acted on stands before what is not known, and that before what is merely not there: a wall is looked at
 * for the first, while a gate (`worstFirst`) is stopped by all of them.
 */
const loudest: readonly HealthState[] = [
  'fail',
  'warn',
  'unknown',
  'stale',
  'internal',
  'little',
  'shaky',
  'pending',
  'absent',
  'ok',
];
const rank = new Map(loudest.map((state, at) => [state, at]));

/** Loudest first; among equals a number says more than a word, and else the order of the target stands. */
export const worstTiles = (tiles: readonly WallTile[]): readonly WallTile[] =>
  tiles.toSorted(
    (a, b) =>
      (rank.get(a.state) ?? 0) - (rank.get(b.state) ?? 0) ||
      Number(b.id.startsWith('m')) - Number(a.id.startsWith('m')),
  );

/** How many stand in each state, the loudest first; states that nobody is in are left out. */
export const countStates = (
  tiles: readonly WallTile[],
): readonly { readonly state: HealthState; readonly count: number }[] =>
  loudest
    .map((state) => ({ state, count: tiles.filter((tile) => tile.state === state).length }))
    .filter(({ count }) => count > 0);
