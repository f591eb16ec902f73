import type { Actor, EventBody, NewEvent, RecordedEvent } from '../../shared/events.ts';
import { formatCount, formatValue } from '../../shared/format.ts';
import type { Field, ItemId } from '../../shared/runbook/model.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { BoundItem } from '../../shared/target/bind.ts';
import type { MetricSpec, Target } from '../../shared/target/schema.ts';
import { judgedMetric } from '../../shared/verdict/from-samples.ts';
import type { Point } from '../../shared/verdict/model.ts';
import { quantileOf, readSeries } from '../../shared/verdict/series.ts';
import { shownWhole } from '../../shared/verdict/words.ts';
import type { Clock } from '../clock.ts';
import type { Documents as Texts } from '../store/documents.ts';
import { gather } from './past.ts';
import type { AskPast, PointsByMetric } from './past.ts';

const hour = 3_600_000;
const week = 7 * 24 * hour;

export type Pin = { readonly label: string; readonly value: string };

export type BaselineDeps = {
  readonly target: Pick<Target, 'metrics' | 'probes'>;
  readonly clock: Clock;
  readonly texts: Texts;
  readonly own: (series: string, from: number, to: number) => readonly (readonly [number, number])[];
  readonly ask: AskPast;
  readonly append: (by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
  readonly t0: () => number | null;
  readonly version: () => string | null;
  /** What runs now, besides the release; what can't be read is left out and named in `missing`. */
  readonly pins: () => Promise<{ readonly pins: readonly Pin[]; readonly missing: readonly string[] }>;
  readonly bindings: readonly BoundItem[];
  readonly fields: ReadonlyMap<ItemId, readonly Field[]>;
};

type Frozen = EventBody<'baseline-taken'>['metrics'][number];

const frozenMetric = (id: string, spec: MetricSpec, points: readonly Point[]): Frozen => {
  const metric = judgedMetric(id, spec);
  const { sorted, sum } = readSeries(metric, { points }, 'The baseline');
  const at = (quantile: number): number | null => (sorted.length === 0 ? null : quantileOf(sorted, quantile));
  const isRate = metric.kind === 'rate';
  const share = sum.whole > 0 ? ((metric.scale ?? 1) * sum.part) / sum.whole : null;
  const shown = isRate ? share : at(metric.quantile ?? 0.5);
  return {
    metric: id,
    label: spec.label,
    unit: spec.unit,
    n: isRate ? shownWhole(metric, sum.whole) : sorted.length,
    p50: isRate ? share : at(0.5),
    p95: isRate ? null : at(0.95),
    p99: isRate ? null : at(0.99),
    value: shown,
    text: shown === null ? '' : formatValue(shown, spec.unit, spec.digits),
    ...(isRate ? { part: sum.part } : {}),
  };
};

/** The blanks of the document that ask for a baseline number: those of assisted items, by the metric that fills them. */
const blanksOf = ({ bindings, fields }: BaselineDeps, text: (metric: string) => string): NewEvent[] =>
  bindings
    .filter((binding) => binding.by === 'assisted')
    .flatMap((binding) =>
      Object.entries(binding.fields).flatMap(([label, metric]): NewEvent[] => {
        const field = fields
          .get(binding.item)
          ?.find((candidate) => 'label' in candidate && sameWords(candidate.label) === sameWords(label));
        const value = text(metric);
        return field === undefined || value === ''
          ? []
          : [{ type: 'field-filled', body: { field: field.id, item: binding.item, value, metric } }];
      }),
    );

/** How much of the hour there is, where it is not all of it. */
const shortOf = (points: PointsByMetric, from: number, to: number): readonly string[] => {
  const oldest = Math.min(...Object.values(points).flatMap((own) => own[0]?.at ?? []));
  const minutes = Math.round((to - oldest) / 60_000);
  if (!Number.isFinite(oldest) || oldest - from < hour / 20) return [];
  return [minutes < 1 ? 'it covers less than a minute' : `it covers ${formatCount(minutes, 'minute')} of the hour`];
};

export type TakeBaseline = (
  by: Actor,
  how: { readonly automatic: boolean; readonly incident: boolean },
) => Promise<number>;

/** Freezes the hour up to now, or up to T-0 once that is past. Answers the `seq` of what was written down. */
export const baselines = (deps: BaselineDeps): TakeBaseline => {
  const { clock, target, texts } = deps;
  const metrics = Object.entries(target.metrics);
  const freeze = (points: PointsByMetric) => ({
    points: texts.put(JSON.stringify(points)),
    metrics: metrics.map(([id, spec]) => frozenMetric(id, spec, points[id] ?? [])),
  });
  return async (by, { automatic, incident }) => {
    const to = Math.min(clock.now(), deps.t0() ?? Infinity);
    const from = to - hour;
    // What ran before is asked first: while the sources answer, the new version may come up.
    const version = deps.version();
    const [{ pins, missing: unread }, now, before] = await Promise.all([
      deps.pins(),
      gather({ ...deps, metrics }, from, to),
      gather({ ...deps, metrics }, from - week, to - week),
    ]);
    const frozen = freeze(now.points);
    // What is not compared needs no before, and some of it has none until there is a baseline.
    const empty = frozen.metrics
      .filter(({ metric, n }) => n === 0 && target.metrics[metric]?.compared === true)
      .map(({ label }) => `${label}: nothing was measured`);
    const hasWeek = Object.values(before.points).some((points) => points.length > 0);
    const recorded = deps.append(by, [
      {
        type: 'baseline-taken',
        body: {
          ...{ from, to, ...frozen, version, automatic, incident },
          warnings: [...shortOf(now.points, from, to), ...now.missing, ...unread, ...empty],
          pins: [...pins],
          remembered: [...now.remembered],
          weekBefore: hasWeek ? { from: from - week, to: to - week, ...freeze(before.points) } : null,
        },
      },
      ...blanksOf(deps, (metric) => frozen.metrics.find((own) => own.metric === metric)?.text ?? ''),
    ]);
    return recorded[0]?.seq ?? 0;
  };
};
