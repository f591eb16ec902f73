import type { Judgement, VerdictPoints } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import { formatValue } from '../../shared/format.ts';
import type { Verdicts } from '../../shared/projections/verdicts.ts';
import type { Field, ItemId } from '../../shared/runbook/model.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { BoundItem } from '../../shared/target/bind.ts';
import type { MetricSpec, Target } from '../../shared/target/schema.ts';
import { judgedMetric, pointsOf, seriesOf } from '../../shared/verdict/from-samples.ts';
import type { Point, Sample, Verdict } from '../../shared/verdict/model.ts';
import { judgeRun } from '../../shared/verdict/run.ts';
import { readSeries } from '../../shared/verdict/series.ts';
import { shownWhole } from '../../shared/verdict/words.ts';
import type { Clock } from '../clock.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { Samples } from '../store/samples.ts';
import { judgeAll } from './judge-all.ts';

const hour = 3_600_000;
/** The looks that the correction for repeated looking is made for: the eight rounds of the first hour. */
const plannedLooks = 8;
const everyPoint = 1_000_000;

type Deps = {
  readonly runId: RunId;
  readonly target: Pick<Target, 'metrics' | 'warmUp'>;
  readonly clock: Clock;
  readonly samples: Samples;
  readonly texts: Texts;
  readonly append: (by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
  readonly state: () => Verdicts;
  readonly t0: () => number | null;
  readonly version: () => string | null;
  readonly bindings: readonly BoundItem[];
  readonly fields: ReadonlyMap<ItemId, readonly Field[]>;
};

type Frozen = Readonly<Record<string, readonly Point[]>>;

/** The room's before and after: freezes baselines and judges what came since T-0 against them. It recommends; people decide. */
export type RoomVerdicts = {
  readonly takeBaseline: (by: Actor, how: { readonly automatic: boolean; readonly incident: boolean }) => void;
  /** Judges now without writing anything down. `baseline` is a `seq`; by default the newest. */
  readonly look: (baseline: number | null) => Promise<Judgement>;
  /** Judges now and keeps the verdict in the log. */
  readonly give: (by: Actor, baseline: number | null) => Promise<Judgement>;
  readonly points: (metric: string) => VerdictPoints;
};

const frozenMetric = (id: string, spec: MetricSpec, points: readonly Point[]) => {
  const metric = judgedMetric(id, spec);
  const { sorted, sum } = readSeries(metric, { points }, 'The baseline');
  const at = (quantile: number): number | null =>
    sorted[Math.min(sorted.length - 1, Math.floor(quantile * sorted.length))] ?? null;
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
  };
};

const written = ({ metric, state, value, baseline, n, sentence, votes }: Verdict) => ({
  metric: metric.id,
  label: metric.label,
  state,
  value,
  baseline,
  n: { current: n.current, baseline: n.baseline },
  sentence,
  votes: {
    limits: { finding: votes.limits.finding, sentence: votes.limits.sentence },
    change: { finding: votes.change.finding, sentence: votes.change.sentence },
    counts: { finding: votes.counts.finding, sentence: votes.counts.sentence },
  },
});

/** The blanks of the document that ask for a baseline number: those of assisted items, by the metric that fills them. */
const blanksOf = ({ bindings, fields }: Deps, text: (metric: string) => string): NewEvent[] =>
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

export const openVerdicts = (deps: Deps): RoomVerdicts => {
  const { runId, target, clock, samples, texts } = deps;
  const metrics = Object.entries(target.metrics);

  const read = (spec: MetricSpec, from: number, to: number): Point[] => {
    const { main, part } = seriesOf(spec);
    const rows = (series: string) => samples.query(runId, series, from, to, everyPoint);
    return pointsOf(spec, rows(main), part === null ? [] : rows(part));
  };

  const frozenOf = (taken: EventBody<'baseline-taken'> | undefined): Frozen | null => {
    if (taken === undefined) return null;
    const text = texts.get(taken.points);
    if (text === null)
      throw new WarRoomError(
        'corrupt',
        'The points of this baseline are missing from the data folder; take another one or compare with an earlier one.',
      );
    return JSON.parse(text) as Frozen;
  };

  const chosen = (baseline: number | null): Verdicts['baselines'][number] | undefined => {
    const { baselines } = deps.state();
    if (baseline === null) return baselines.at(-1);
    const found = baselines.find((candidate) => candidate.seq === baseline);
    if (found === undefined)
      throw new WarRoomError('not-found', `This run has no baseline at entry ${baseline} of its log.`);
    return found;
  };

  /** What is judged: from the end of the warm-up after T-0 until now. Before T-0 there is nothing to judge yet. */
  const stretch = (): { readonly from: number; readonly to: number } => {
    const t0 = deps.t0();
    if (t0 === null)
      throw new WarRoomError('conflict', 'T-0 is not set: there is no "after" to compare with the baseline yet.');
    const to = clock.now();
    return { from: Math.min(t0 + target.warmUp, to), to };
  };

  const judge = async (seq: number | null): Promise<Judgement> => {
    const taken = chosen(seq);
    const frozen = frozenOf(taken);
    const { from, to } = stretch();
    const k = deps.state().verdicts.length + 1;
    const look = { k, of: Math.max(plannedLooks, k) };
    const inputs = metrics.map(([id, spec]) => {
      const points = frozen?.[id];
      const baseline: Sample | null =
        taken === undefined || points === undefined
          ? null
          : {
              points,
              window: { fromMs: Math.max(taken.from, points[0]?.at ?? taken.from), toMs: taken.to },
              incident: taken.incident,
            };
      return {
        metric: judgedMetric(id, spec),
        baseline,
        current: { points: read(spec, from, to), window: { fromMs: from, toMs: to } },
      };
    });
    const verdicts = await judgeAll({ inputs, look });
    const { recommendation, reasons } = judgeRun(verdicts);
    const judged = verdicts.map(written);
    return {
      baseline: taken?.seq ?? null,
      from,
      to,
      look: k,
      of: look.of,
      leftOutMs: target.warmUp,
      recommendation,
      reasons: [...reasons],
      metrics: judged,
      digest: texts.hash(JSON.stringify({ recommendation, reasons, metrics: judged })),
    };
  };

  return {
    takeBaseline: (by, { automatic, incident }) => {
      const to = Math.min(clock.now(), deps.t0() ?? Infinity);
      const from = to - hour;
      const points = Object.fromEntries(metrics.map(([id, spec]) => [id, read(spec, from, to)]));
      const frozen = metrics.map(([id, spec]) => frozenMetric(id, spec, points[id] ?? []));
      const empty = frozen.filter(({ n }) => n === 0).map(({ label }) => `${label}: nothing was measured`);
      const oldest = Math.min(...Object.values(points).flatMap((own) => own[0]?.at ?? []));
      const short =
        to - oldest < hour / 2 && Number.isFinite(oldest)
          ? [`it covers ${Math.round((to - oldest) / 60_000)} minutes of the hour`]
          : [];
      deps.append(by, [
        {
          type: 'baseline-taken',
          body: {
            from,
            to,
            points: texts.put(JSON.stringify(points)),
            version: deps.version(),
            automatic,
            incident,
            metrics: frozen,
            warnings: [...short, ...empty],
          },
        },
        ...blanksOf(deps, (metric) => frozen.find((own) => own.metric === metric)?.text ?? ''),
      ]);
    },
    look: judge,
    give: async (by, baseline) => {
      const judgement = await judge(baseline);
      deps.append(by, [{ type: 'verdict-given', body: judgement }]);
      return judgement;
    },
    points: (metric) => {
      const spec = target.metrics[metric];
      if (spec === undefined) throw new WarRoomError('not-found', `This target has no metric "${metric}".`);
      const { from, to } = deps.t0() === null ? { from: clock.now(), to: clock.now() } : stretch();
      return { baseline: frozenOf(chosen(null))?.[metric] ?? [], current: read(spec, from, to) };
    },
  };
};
