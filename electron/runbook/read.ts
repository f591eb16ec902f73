import { withoutInferred } from '../../shared/runbook/inferred.ts';
import { lintRunbook } from '../../shared/runbook/lint.ts';
import type { Problem, Runbook } from '../../shared/runbook/model.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { countsOf } from '../../shared/runbook/walk.ts';
import type { Counts } from '../../shared/runbook/walk.ts';

/** `inferred` false leaves only GFM task items; `counted` also counts what only the source tells. */
export type ReadOrder = { readonly text: string; readonly inferred: boolean; readonly counted: boolean };

/** A checklist as it was understood, and every remark on it. */
export type ReadRunbook = {
  readonly runbook: Runbook;
  readonly problems: readonly Problem[];
  readonly counts: Counts | null;
};

export const readRunbook = ({ text, inferred, counted }: ReadOrder): ReadRunbook => {
  const all = parseRunbook(text);
  const runbook = inferred ? all : withoutInferred(all, text);
  return { runbook, problems: lintRunbook(text, runbook), counts: counted ? countsOf(runbook, text) : null };
};
