import type { Choice, Runbook } from '../runbook/model.ts';
import { fieldsOf } from '../runbook/walk.ts';

/** The document's own question for how bad an incident was; null where it has none. */
export const severityField = (runbook: Runbook): Choice | null =>
  fieldsOf(runbook).find(
    (field): field is Choice => field.kind === 'choice' && /severity/iu.test(field.label) && field.options.length > 1,
  ) ?? null;

/** The grades of an incident, the worst first: those of the document, else the three that most teams use. */
export const severitiesOf = (runbook: Runbook): readonly string[] =>
  severityField(runbook)?.options.map(({ label }) => label) ?? ['Critical', 'Major', 'Minor'];

const rank = (severity: string, known: readonly string[]): number => {
  const at = known.indexOf(severity);
  return at === -1 ? known.length : at;
};

/** The worst of some grades, as the document ranks them; one that it does not know ranks last. */
export const worstSeverity = (severities: readonly string[], known: readonly string[]): string | null =>
  severities.toSorted((a, b) => rank(a, known) - rank(b, known))[0] ?? null;
