import type { Problem, Runbook } from '../runbook/model.ts';
import { itemsOf } from '../runbook/walk.ts';
import type { BoundItem } from './bind.ts';

/** Where everything stops everybody, nothing does: at most this many items of a phase are for people to acknowledge. */
const mostKillers = 9;

/** What a checklist and a target say only together, at the line of the checklist. */
export const joinedRemarks = (runbook: Runbook, bound: readonly BoundItem[]): readonly Problem[] => {
  const killers = new Set(bound.filter(({ killer }) => killer).map(({ item }) => item));
  return runbook.phases.flatMap((phase): readonly Problem[] => {
    const count = itemsOf(phase).filter(({ id }) => killers.has(id)).length;
    if (count <= mostKillers) return [];
    const { line } = phase.span;
    const message = `The target marks ${count} items of this phase as "killer"; with more than ${mostKillers} people acknowledge by reflex. Keep those that end the deployment.`;
    return [{ line, column: 1, severity: 'warning', code: 'too-many-killers', message, fix: null }];
  });
};
