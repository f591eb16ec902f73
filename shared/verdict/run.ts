import { withoutName } from '../format.ts';
import { isWell } from '../health.ts';
import type { HealthState } from '../health.ts';
import type { Verdict } from './model.ts';

/** What the numbers speak for; a person decides. Null: they do not speak for anything yet. */
export type RunVerdict = {
  readonly recommendation: 'keep' | 'hold' | 'roll-back' | null;
  readonly reasons: readonly string[];
};

/** A critical probe as it stands: what numbers don't show, such as a health check that answers with a wrong page. */
export type ProbeNow = {
  readonly label: string;
  readonly state: HealthState;
  readonly sentence: string;
  /** How long it has been in this state. */
  readonly forMs: number;
};

/** A critical probe that fails for longer than this speaks for going back; before that, for holding. */
const lastingMs = 30_000;

const probeWords = ({ label, state, sentence }: ProbeNow): string =>
  `${state === 'fail' ? 'FAILING' : 'NOT ENOUGH DATA'}: ${label}: ${withoutName(sentence, label)}`;

/**
 * Roll back: a critical metric is bad, or two are, or a critical probe fails and goes on failing. Hold: one is bad, or any is worse or
 * of another shape, or a critical probe has just failed. Keep: every judged metric is better or similar, and every critical
 * probe is well. Where nothing is wrong but something can't be told, nothing is recommended. With no metric marked
 * critical, all of them are.
 */
export const judgeRun = (verdicts: readonly Verdict[], probes: readonly ProbeNow[] = []): RunVerdict => {
  const judged = verdicts.filter(({ state }) => state !== 'not-judged');
  const muted = verdicts.filter(({ state }) => state === 'not-judged').map(({ sentence }) => sentence);
  const inState = (...states: readonly Verdict['state'][]): Verdict[] =>
    judged.filter(({ state }) => states.includes(state));
  const failing = probes.filter(({ state }) => state === 'fail');
  // What this machine does not have says nothing of the release.
  const untold = probes.filter(({ state }) => state !== 'fail' && state !== 'absent' && !isWell(state));
  const say = (recommendation: RunVerdict['recommendation'], because: readonly Verdict[]): RunVerdict => ({
    recommendation,
    reasons: [
      ...[...failing, ...(recommendation === null ? untold : [])].map(probeWords),
      ...because.map(({ sentence }) => sentence),
      ...muted,
    ],
  });
  if (judged.length === 0 && failing.length === 0)
    return { recommendation: null, reasons: ['NOT ENOUGH DATA: no metric was judged.', ...muted] };
  const marked = judged.some(({ metric }) => metric.critical);
  const bad = inState('bad');
  const worse = inState('worse', 'shape-changed');
  const open = inState('not-enough-data');
  const critical =
    bad.some(({ metric }) => metric.critical || !marked) || failing.some(({ forMs }) => forMs >= lastingMs);
  if (bad.length >= 2 || critical) return say('roll-back', [...bad, ...worse]);
  if (bad.length + worse.length + failing.length > 0) return say('hold', [...bad, ...worse, ...open]);
  if (open.length + untold.length > 0) return say(null, open);
  return say('keep', judged);
};
