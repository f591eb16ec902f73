import type { Verdict } from './model.ts';

/** What the numbers speak for; a person decides. Null: they do not speak for anything yet. */
export type RunVerdict = {
  readonly recommendation: 'keep' | 'hold' | 'roll-back' | null;
  readonly reasons: readonly string[];
};

/**
 * Roll back: a critical metric is bad, or two are. Hold: one is bad, or any is worse or of another shape. Keep: every judged
 * metric is better or similar. Where nothing is wrong but data is missing, nothing is recommended. With no metric
 * marked critical, all of them are.
 */
export const judgeRun = (verdicts: readonly Verdict[]): RunVerdict => {
  const judged = verdicts.filter(({ state }) => state !== 'not-judged');
  const muted = verdicts.filter(({ state }) => state === 'not-judged').map(({ sentence }) => sentence);
  const inState = (...states: readonly Verdict['state'][]): Verdict[] =>
    judged.filter(({ state }) => states.includes(state));
  const say = (recommendation: RunVerdict['recommendation'], because: readonly Verdict[]): RunVerdict => ({
    recommendation,
    reasons: [...because.map(({ sentence }) => sentence), ...muted],
  });
  if (judged.length === 0)
    return { recommendation: null, reasons: ['NOT ENOUGH DATA: no metric was judged.', ...muted] };
  const marked = judged.some(({ metric }) => metric.critical);
  const bad = inState('bad');
  const worse = inState('worse', 'shape-changed');
  const open = inState('not-enough-data');
  if (bad.length >= 2 || bad.some(({ metric }) => metric.critical || !marked))
    return say('roll-back', [...bad, ...worse]);
  if (bad.length + worse.length > 0) return say('hold', [...bad, ...worse, ...open]);
  if (open.length > 0) return say(null, open);
  return say('keep', judged);
};
