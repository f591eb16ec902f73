import type { ProbeSpec } from '../../shared/target/schema.ts';
import type { MetricSpec, Target } from '../../shared/target/schema.ts';
import { pointsOf, seriesOf } from '../../shared/verdict/from-samples.ts';
import type { Point } from '../../shared/verdict/model.ts';
import { ProbeAbsent, ProbeUnknown } from '../probes/probe.ts';
import type { Past, Remembered } from '../probes/probe.ts';

/** By metric. */
export type PointsByMetric = Readonly<Record<string, readonly Point[]>>;

type Rows = readonly (readonly [at: number, value: number])[];

/** Null where that source remembers nothing; throws ProbeUnknown and ProbeAbsent. */
export type AskPast = (spec: ProbeSpec, past: Past) => Promise<Remembered | null>;

export type Gathered = {
  readonly points: PointsByMetric;
  /** Labels of the probes whose source told what this room had not watched. */
  readonly remembered: readonly string[];
  /** Sources that should have told and did not, each with its reason. */
  readonly missing: readonly string[];
};

type Options = {
  readonly target: Pick<Target, 'probes'>;
  readonly metrics: readonly (readonly [id: string, spec: MetricSpec])[];
  readonly own: (series: string, from: number, to: number) => Rows;
  readonly ask: AskPast;
};

/** Points of a source lie this far apart: enough for an hour, and no burden on it. */
const stepMs = 10_000;
/** A source is not asked for what is missing at the edge of the hour only. */
const edgeMs = 120_000;

type Told = { readonly rows: Remembered; readonly label: string | null; readonly missing: string | null };
const nothing: Told = { rows: {}, label: null, missing: null };

/**
 * The points of every metric in a stretch of time: those this room watched itself, and before the first of those what the
 * source remembers. A source that can't tell is named and never guessed at.
 */
export const gather = async ({ target, metrics, own, ask }: Options, from: number, to: number): Promise<Gathered> => {
  const byProbe = Map.groupBy(metrics, ([, { probe }]) => probe);
  const askOne = async (probe: string, firstOwn: number): Promise<Told> => {
    const spec = target.probes[probe];
    if (spec === undefined || firstOwn - from < edgeMs) return nothing;
    try {
      const rows = await ask(spec, { from, to: Math.min(to, firstOwn), stepMs });
      const told = rows !== null && Object.values(rows).some((one) => one.length > 0);
      return { rows: rows ?? {}, label: told ? spec.label : null, missing: null };
    } catch (cause) {
      if (!(cause instanceof ProbeUnknown || cause instanceof ProbeAbsent)) throw cause;
      return { ...nothing, missing: `${spec.label}: what was before could not be had. ${cause.message}` };
    }
  };
  const found = await Promise.all(
    [...byProbe].map(async ([probe, of]) => {
      const names = new Set(of.flatMap(([, spec]) => [seriesOf(spec).main, seriesOf(spec).part ?? []].flat()));
      const rows = new Map([...names].map((name) => [name, own(name, from, to)]));
      const firstOwn = Math.min(to, ...[...rows.values()].flatMap((one) => one[0]?.[0] ?? []));
      const told = await askOne(probe, firstOwn);
      const all = (name: string): Rows => [
        ...(told.rows[name.slice(probe.length + 1)] ?? []).filter(([at]) => at >= from && at < firstOwn),
        ...(rows.get(name) ?? []),
      ];
      const points = of.map(([id, spec]) => {
        const { main, part } = seriesOf(spec);
        return [id, pointsOf(spec, all(main), part === null ? [] : all(part))] as const;
      });
      return { points, told };
    }),
  );
  return {
    points: Object.fromEntries(found.flatMap(({ points }) => points)),
    remembered: found.flatMap(({ told }) => told.label ?? []),
    missing: found.flatMap(({ told }) => told.missing ?? []),
  };
};
