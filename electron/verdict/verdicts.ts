import type { Buffer } from 'node:buffer';
import type { Judgement, VerdictPoints } from '../../shared/verdict/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, NewEvent, RunId } from '../../shared/events.ts';
import type { Checklist } from '../../shared/projections/checklist.ts';
import type { Verdicts } from '../../shared/projections/verdicts.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import type { Target } from '../../shared/target/schema.ts';
import { answersOf } from '../../shared/verdict/answers.ts';
import { judgedMetric, pointsOf, seriesOf } from '../../shared/verdict/from-samples.ts';
import type { Point, Sample, Verdict } from '../../shared/verdict/model.ts';
import { judgeRun } from '../../shared/verdict/run.ts';
import type { ProbeNow } from '../../shared/verdict/run.ts';
import type { Pictures } from '../store/pictures.ts';
import { baselines } from './baseline.ts';
import type { BaselineDeps, TakeBaseline } from './baseline.ts';
import { judgeAll } from './judge-all.ts';
import type { PointsByMetric } from './past.ts';
import { readPng } from './png.ts';

/** The looks that the correction for repeated looking is made for where the document has no rounds: those of its first hour. */
const plannedLooks = 8;

export type VerdictDeps = BaselineDeps & {
  readonly runId: RunId;
  readonly target: Pick<Target, 'metrics' | 'probes' | 'warmUp'>;
  readonly pictures: Pictures;
  readonly state: () => Verdicts;
  readonly checklist: () => Checklist;
  /** Until when there is something to judge: now, or the end of a closed run. */
  readonly until: () => number;
  /** Rounds of the first hours that were due by now, and how many there are; none where the document has no rounds. */
  readonly rounds: () => { readonly due: number; readonly of: number };
  /** The critical probes as they stand now; none for a closed run. */
  readonly probes: () => readonly ProbeNow[];
  readonly isOpen: (item: ItemId) => boolean;
  /** Whether a metric's monitor is silenced now, here or elsewhere. */
  readonly muted: (metric: string) => boolean;
};

/** Which baseline, by its `seq` or the newest, and whether the same hour a week before it is meant. */
export type Against = { readonly baseline: number | null; readonly week: boolean };
type Gate = { readonly id: string; readonly title: string };

/** The room's before and after: freezes baselines and judges what came since T-0 against them. It recommends; people decide. */
export type RoomVerdicts = {
  readonly takeBaseline: TakeBaseline;
  /** Keeps the picture of a baseline that has none. Throws bad-input for what is no PNG, conflict where there is one. */
  readonly keepPicture: (by: Actor, baseline: number, png: Buffer, source: 'window' | 'page') => void;
  readonly pictureOf: (sha256: string) => Buffer;
  /** Judges now without writing anything down. */
  readonly look: (against: Against) => Promise<Judgement>;
  /** Judges now and keeps the verdict in the log, with the answers to the document that follow from it. */
  readonly give: (by: Actor, against: Against, gate?: Gate) => Promise<Judgement>;
  readonly points: (against: Against, metric: string) => VerdictPoints;
};

const written = ({ metric, state, value, baseline, n, sentence, votes }: Verdict) => ({
  metric: metric.id,
  label: metric.label,
  state,
  value,
  baseline,
  unit: metric.unit,
  n: { current: n.current, baseline: n.baseline },
  sentence,
  votes: {
    limits: { finding: votes.limits.finding, sentence: votes.limits.sentence },
    change: { finding: votes.change.finding, sentence: votes.change.sentence },
    counts: { finding: votes.counts.finding, sentence: votes.counts.sentence },
  },
});

type Chosen = {
  readonly seq: number;
  readonly taken: Pick<EventBody<'baseline-taken'>, 'from' | 'to' | 'points' | 'incident'>;
};

/** Finds the baseline to compare with, and its points. Throws not-found, and corrupt where the points are gone. */
const chooser = ({ state, texts }: VerdictDeps) => ({
  choose: ({ baseline, week }: Against): Chosen | null => {
    const { baselines: all } = state();
    const found = baseline === null ? all.at(-1) : all.find(({ seq }) => seq === baseline);
    if (found === undefined) {
      if (baseline === null && !week) return null;
      throw new WarRoomError(
        'not-found',
        baseline === null ? 'There is no baseline yet.' : `This run has no baseline at entry ${baseline} of its log.`,
      );
    }
    if (!week) return { seq: found.seq, taken: found };
    const { weekBefore = null, incident } = found;
    if (weekBefore === null)
      throw new WarRoomError('not-found', 'No source of this baseline remembers the same hour a week before.');
    return { seq: found.seq, taken: { ...weekBefore, incident } };
  },
  points: (chosen: Chosen | null): PointsByMetric | null => {
    if (chosen === null) return null;
    const text = texts.get(chosen.taken.points);
    if (text === null)
      throw new WarRoomError(
        'corrupt',
        'The points of this baseline are missing from the data folder; take another one or compare with an earlier one.',
      );
    return JSON.parse(text) as PointsByMetric;
  },
});

const baselineSample = (chosen: Chosen | null, points: readonly Point[] | undefined): Sample | null => {
  if (chosen === null || points === undefined) return null;
  const { from, to, incident } = chosen.taken;
  return { points, window: { fromMs: Math.max(from, points[0]?.at ?? from), toMs: to }, incident };
};

const picturesOf = ({ state, append, pictures }: VerdictDeps): Pick<RoomVerdicts, 'keepPicture' | 'pictureOf'> => ({
  keepPicture: (by, baseline, png, source) => {
    const { baselines: all, pictures: kept } = state();
    if (!all.some(({ seq }) => seq === baseline))
      throw new WarRoomError('not-found', `This run has no baseline at entry ${baseline} of its log.`);
    if (kept.has(baseline)) throw new WarRoomError('conflict', 'This baseline has its picture already.');
    const size = readPng(png);
    const sha256 = pictures.put(png);
    append(by, [{ type: 'baseline-pictured', body: { baseline, sha256, bytes: png.length, ...size, source } }]);
  },
  pictureOf: (sha256) => {
    const known = [...state().pictures.values()].some((picture) => picture.sha256 === sha256);
    const png = known ? pictures.get(sha256) : null;
    if (png === null) throw new WarRoomError('not-found', 'This run keeps no such picture, or its bytes were changed.');
    return png;
  },
});

export const openVerdicts = (deps: VerdictDeps): RoomVerdicts => {
  const { target } = deps;
  const compared = Object.entries(target.metrics).filter(([, spec]) => spec.compared);
  const { choose, points: frozen } = chooser(deps);

  const read = (metric: string, from: number, to: number): Point[] => {
    const spec = target.metrics[metric];
    if (spec === undefined) throw new WarRoomError('not-found', `This target has no metric "${metric}".`);
    const { main, part } = seriesOf(spec);
    return pointsOf(spec, deps.own(main, from, to), part === null ? [] : deps.own(part, from, to));
  };

  /** What is judged: from the end of the warm-up after T-0 until now. Before T-0 there is nothing to judge yet. */
  const stretch = (): { readonly t0: number; readonly from: number; readonly to: number } => {
    const t0 = deps.t0();
    if (t0 === null)
      throw new WarRoomError('conflict', 'T-0 is not set: there is no "after" to compare with the baseline yet.');
    const to = deps.until();
    return { t0, from: Math.min(t0 + target.warmUp, to), to };
  };

  const lookNow = (): { readonly k: number; readonly of: number } => {
    const { due, of } = deps.rounds();
    const k = of > 0 ? Math.max(1, due) : deps.state().verdicts.length + 1;
    return { k, of: Math.max(of === 0 ? plannedLooks : of, k) };
  };

  const judge = async (against: Against): Promise<Judgement> => {
    const chosen = choose(against);
    const before = frozen(chosen);
    const { t0, from, to } = stretch();
    const look = lookNow();
    const inputs = compared.map(([id, spec]) => ({
      metric: { ...judgedMetric(id, spec), muted: deps.muted(id) },
      baseline: baselineSample(chosen, before?.[id]),
      current: { points: read(id, from, to), window: { fromMs: from, toMs: to } },
    }));
    const verdicts = await judgeAll({ inputs, look });
    const { recommendation, reasons } = judgeRun(verdicts, deps.probes());
    const judged = verdicts.map(written);
    const leftOutMs = Math.min(target.warmUp, to - t0);
    return {
      ...{ baseline: chosen?.seq ?? null, from, to, look: look.k, of: look.of, leftOutMs, recommendation },
      reasons: [...reasons],
      metrics: judged,
      digest: deps.texts.hash(JSON.stringify({ recommendation, reasons, metrics: judged })),
      ...(against.week ? { week: true } : {}),
    };
  };

  return {
    takeBaseline: baselines(deps),
    ...picturesOf(deps),
    look: judge,
    give: async (by, against, gate) => {
      const judged = await judge(against);
      const judgement: Judgement = gate === undefined ? judged : { ...judged, gate };
      const answers = answersOf(judgement, deps);
      deps.append(by, [{ type: 'verdict-given', body: judgement } satisfies NewEvent, ...answers]);
      return judgement;
    },
    points: (against, metric) => {
      const now = deps.t0() === null ? null : stretch();
      return {
        baseline: frozen(choose(against))?.[metric] ?? [],
        current: now === null ? [] : read(metric, now.from, now.to),
      };
    },
  };
};
