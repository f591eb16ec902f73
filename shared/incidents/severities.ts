import type { Choice, Runbook } from '../runbook/model.ts';
import { fieldsOf } from '../runbook/walk.ts';

/** The document's own question for how bad an incident was; null where it has none. */
const severityField = (runbook: Runbook): Choice | null =>
  fieldsOf(runbook).find(
    (field): field is Choice => field.kind === 'choice' && /severity/iu.test(field.label) && field.options.length > 1,
  ) ?? null;

/** The grades of an incident, the worst first: those of the document, else the three that most teams use. */
export const severitiesOf = (runbook: Runbook): readonly string[] =>
  severityField(runbook)?.options.map(({ label }) => label) ?? ['Critical', 'Major', 'Minor'];
