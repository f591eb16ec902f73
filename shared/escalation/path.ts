import type { EventBody } from '../events.ts';
import type { EscalationStep, Runbook } from '../runbook/model.ts';

export type PathStep = {
  readonly text: string;
  readonly role: string | null;
  /** After the start of the escalation. */
  readonly afterMs: number;
  readonly assumed: boolean;
};

const minute = 60_000;
const usualMs = 30 * minute;

/** The path that most teams walk, for a document that has none. */
const usual: readonly EscalationStep[] = [
  { text: 'On-call engineer attempts a fix', role: 'On-call engineer', afterMs: 0, line: 0 },
  { text: 'If unresolved, page the engineering lead', role: 'Engineering lead', afterMs: usualMs, line: 0 },
  { text: 'If unresolved, page the VP', role: 'VP Engineering', afterMs: null, line: 0 },
  { text: 'Critical issues: all hands on deck', role: 'all hands', afterMs: null, line: 0 },
];

const forCriticalOnly = /\bcritical\b|\bsev(?:erity)?[- ]?[01]\b|\bp0\b/iu;

/**
 * Who is asked, and when after the start. A step for which the document sets no time comes after the same wait as the
 * one before it; a time that lies before the step above it is a wait and not a moment.
 */
export const escalationPath = ({ escalation }: Pick<Runbook, 'escalation'>, critical: boolean): readonly PathStep[] => {
  const own = escalation.length === 0 ? usual : escalation;
  const steps: PathStep[] = [];
  let waitMs = usualMs;
  for (const { text, role, afterMs } of own) {
    if (!critical && steps.length > 0 && forCriticalOnly.test(text)) continue;
    const before = steps.at(-1)?.afterMs ?? 0;
    const at =
      steps.length === 0 ? 0 : afterMs === null ? before + waitMs : afterMs > before ? afterMs : before + afterMs;
    if (steps.length > 0 && at > before) waitMs = at - before;
    steps.push({ text, role, afterMs: at, assumed: steps.length > 0 && (afterMs === null || own === usual) });
  }
  return steps;
};

/** The path with its absolute moments, from `now` (run time) on. */
export const stepsFrom = (path: readonly PathStep[], now: number): EventBody<'escalation-started'>['steps'] =>
  path.map(({ text, role, afterMs, assumed }) => ({ text, role, dueAt: now + afterMs, assumed }));
