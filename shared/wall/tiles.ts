import type { Point } from '../contract.ts';
import { formatNumber } from '../format.ts';
import type { Health, HealthState } from '../health.ts';
import type { Line } from '../target/line.ts';
import type { MetricSpec, ProbeSpec, Target } from '../target/schema.ts';

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
  /** By probe or metric id. */
  readonly health: ReadonlyMap<string, Health>;
  /** The newest of a metric, oldest first. */
  readonly points: (metric: string) => readonly Point[];
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

const metricTile = (
  id: string,
  spec: MetricSpec,
  health: Health | undefined,
  points: HealthNow['points'],
  baseline: number | null,
): WallTile => {
  const state = health?.state ?? 'pending';
  const [number, unit] = health === undefined || health.value === null ? ['', ''] : split(health.text, spec.unit);
  return {
    id: `metric ${id}`,
    label: spec.label,
    state,
    number,
    unit,
    at: health?.at ?? null,
    lines: linesOf(spec.alert, spec.target, baseline, spec.digits),
    points: quiet.includes(state) ? [] : points(id).slice(-curveLength),
    target: spec.target ?? null,
    alert: spec.alert ?? null,
    baseline,
  };
};

const probeTile = (id: string, { label }: ProbeSpec, health: Health | undefined): WallTile => ({
  id: `probe ${id}`,
  label,
  state: health?.state ?? 'pending',
  number: '',
  unit: '',
  at: health?.at ?? null,
  lines: '',
  points: [],
  target: null,
  alert: null,
  baseline: null,
});

/**
 * Every metric and every probe of a run as it stands; what has not answered yet is pending, never green. What was not
 * looked at again stays the same tile, so that a wall on thousands of them costs what changes.
 */
export const createWallTiles = ({ probes, metrics }: Target) => {
  type Made = { readonly health: Health | undefined; readonly baseline: number | null; readonly tile: WallTile };
  const made = new Map<string, Made>();
  return ({ health, points }: HealthNow, baselineOf: (metric: string) => number | null): readonly WallTile[] => {
    const tileOf = (id: string, baseline: number | null, make: (of: Health | undefined) => WallTile): WallTile => {
      const now = health.get(id);
      const known = made.get(id);
      if (known !== undefined && known.health === now && known.baseline === baseline) return known.tile;
      const tile = make(now);
      made.set(id, { health: now, baseline, tile });
      return tile;
    };
    return [
      ...Object.entries(metrics).map(([id, spec]) => {
        const baseline = baselineOf(id);
        return tileOf(id, baseline, (now) => metricTile(id, spec, now, points, baseline));
      }),
      ...Object.entries(probes).map(([id, spec]) => tileOf(id, null, (now) => probeTile(id, spec, now))),
    ];
  };
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
