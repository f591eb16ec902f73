import { day, hour } from '../durations.ts';
import type { Phase, Problem } from '../model.ts';
import { speaksOfRhythm, speaksOfTime } from '../timing.ts';
import { cadenceOf, itemsOf, sectionsOf } from '../walk.ts';
import { problemAt, type Rule } from './document.ts';

const example =
  'Say it as "(Every 5 minutes for first 30 minutes, then every 15 minutes)", "(First 2 hours)", "(T-24h)" or "(24 hours after)".';

/** What looks like timing and was not understood is asked about; nothing is guessed. */
export const unreadTiming: Rule = ({ source, runbook }) => {
  const heads = [
    ...runbook.phases.map((phase) => ({
      title: phase.title,
      line: phase.span.line,
      read: phase.window !== null || phase.sections.some((section) => section.title === '' && section.cadence !== null),
    })),
    ...runbook.phases.flatMap((phase) =>
      phase.sections
        .filter(({ title }) => title !== '')
        .map(({ title, span, window, cadence }) => ({
          title,
          line: span.line,
          read: speaksOfRhythm(title) ? cadence !== null : window !== null || cadence !== null,
        })),
    ),
  ];
  const unread = heads.filter(({ title, read }) => !read && speaksOfTime(title));
  const loose = sectionsOf(runbook).flatMap((section) =>
    section.blocks.flatMap((block) => {
      const rhythm =
        block.kind === 'text' &&
        block.markdown.split('\n').length <= 2 &&
        /[:：]\**\s*$/u.test(block.markdown) &&
        speaksOfRhythm(block.markdown);
      return rhythm ? [{ title: block.markdown.trim(), line: block.span.line }] : [];
    }),
  );
  const inItems = runbook.phases.flatMap((phase) =>
    phase.sections.flatMap((section) =>
      cadenceOf(phase, section) !== null
        ? []
        : itemsOf(section).flatMap(({ text, span }) =>
            speaksOfRhythm(text) && /\bevery\b.*\d|\bevery (?:hour|day)\b|\bhourly\b/iu.test(text)
              ? [{ title: text, line: span.line }]
              : [],
          ),
    ),
  );
  return [...unread, ...loose, ...inItems].map(({ title, line }) =>
    problemAt(
      source,
      line,
      'note',
      'timing-not-understood',
      `"${title}" speaks of time in a way that gives no moment relative to T-0, so no rounds are planned from it.`,
      example,
    ),
  );
};

const lastRound = (phases: readonly Phase[]): { readonly ms: number; readonly line: number } | null =>
  phases
    .flatMap((phase) =>
      phase.sections.flatMap(({ cadence }) =>
        cadence === null ? [] : [{ ms: cadence.offsetsMs.at(-1) ?? 0, line: cadence.line }],
      ),
    )
    .reduce<{ ms: number; line: number } | null>(
      (last, next) => (last === null || next.ms > last.ms ? next : last),
      null,
    );

const inWords = (ms: number): string =>
  ms >= 2 * day ? `${Math.round(ms / day)} days` : `${Math.round(ms / hour)} hours`;

/** Signed off while readings are still due. */
export const earlySignOff: Rule = ({ source, runbook }) => {
  const last = lastRound(runbook.phases);
  if (last === null) return [];
  return runbook.phases.flatMap((phase): readonly Problem[] => {
    const { window } = phase;
    if (phase.role !== 'sign-off' || window === null || window.fromMs >= last.ms) return [];
    const missing = runbook.phases.flatMap((other) =>
      other.sections.flatMap(({ cadence }) => cadence?.offsetsMs.filter((at) => at > window.fromMs) ?? []),
    ).length;
    return [
      problemAt(
        source,
        phase.span.line,
        'warning',
        'sign-off-too-early',
        `Signed off at ${inWords(window.fromMs)}, while ${missing} rounds of line ${last.line} are still due, the last after ${inWords(last.ms)}.`,
        `Interim sign-off after ${inWords(window.fromMs)}, closing sign-off after ${inWords(last.ms)}, when the last round is read.`,
      ),
    ];
  });
};

/** A single decision, hours in: a failure before it has nobody to decide. */
export const lateDecision: Rule = ({ source, runbook }) => {
  const decisions = runbook.phases
    .flatMap((phase) => phase.sections)
    .filter(({ title, window }) => window !== null && /\bdecision\b|\bgo\s*\/?\s*no-?go\b/iu.test(title));
  const only = decisions[0];
  const fromMs = only?.window?.fromMs ?? 0;
  if (only === undefined || fromMs <= hour || decisions.length > 1) return [];
  return [
    problemAt(
      source,
      only.span.line,
      'warning',
      'single-late-decision',
      `The only dated decision comes after ${inWords(fromMs)}: a failure in the second minute has none.`,
      'Decide after 2, 5, 15 and 60 minutes and after 8 hours; a rollback can be proposed at any time.',
    ),
  ];
};
