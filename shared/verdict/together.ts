import { judgeMetric, levelOf } from './judge.ts';
import type { JudgeInput } from './judge.ts';
import type { Looks, Verdict } from './model.ts';

/** The metrics of one run at one look. */
export type Together = {
  readonly inputs: readonly Omit<JudgeInput, 'looks'>[];
  readonly look: Pick<Looks, 'k' | 'of'>;
};

const shownWorse: ReadonlySet<Verdict['state']> = new Set(['bad', 'worse', 'shape-changed']);

const smallestChance = ({ votes }: Verdict): number =>
  Math.min(...[votes.limits, votes.change, votes.counts].map(({ p }) => p ?? 1));

/**
 * One family of metrics by Holm's steps: what is shown to be worse at the level of all of them leaves the others a larger
 * share, and they are looked at once more. A metric whose chances are all above that share is not, as nothing would change.
 */
const family = (inputs: Together['inputs'], looks: Looks): readonly Verdict[] => {
  let verdicts = inputs.map((input) => judgeMetric({ ...input, looks }));
  for (let known = 0; ;) {
    const shown = verdicts.filter(({ state }) => shownWorse.has(state)).length;
    if (shown === known || shown === verdicts.length) return verdicts;
    known = shown;
    const wider = { ...looks, metrics: inputs.length - shown, shown };
    const level = levelOf(wider);
    verdicts = verdicts.map((verdict, at) =>
      shownWorse.has(verdict.state) || smallestChance(verdict) > level
        ? verdict
        : judgeMetric({ ...inputs[at]!, looks: wider }),
    );
  }
};

/**
 * All metrics of a run. Where some are critical and some are not, each kind has half of the level: a few numbers that matter
 * must not be lost among many that are only watched.
 */
export const judgeTogether = ({ inputs, look }: Together): readonly Verdict[] => {
  const judged = inputs.filter(({ metric }) => metric.muted !== true);
  const kinds = new Set(judged.map(({ metric }) => metric.critical));
  const verdicts = new Map<string, Verdict>();
  for (const critical of kinds) {
    const own = judged.filter(({ metric }) => metric.critical === critical);
    const half = kinds.size === 1 ? {} : { half: critical ? ('critical' as const) : ('other' as const) };
    for (const verdict of family(own, { ...look, metrics: own.length, ...half }))
      verdicts.set(verdict.metric.id, verdict);
  }
  return inputs.map(
    (input) => verdicts.get(input.metric.id) ?? judgeMetric({ ...input, looks: { ...look, metrics: 1 } }),
  );
};
