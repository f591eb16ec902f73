import type { UnderstoodDocument } from '../shared/document-views.ts';
import { answeredOf, idleOf } from '../shared/runbook/answered.ts';
import { suggestBindings } from '../shared/runbook/bind.ts';
import type { Runbook } from '../shared/runbook/model.ts';
import { understoodOf } from '../shared/runbook/understood.ts';
import { bindItems } from '../shared/target/bind.ts';
import { joinedRemarks } from '../shared/target/remarks.ts';
import type { Target } from '../shared/target/schema.ts';

/** Each item is compared with everything the target has: beyond this many pairs nobody would read the proposals. */
const mostCompared = 1_000_000;

/** Joins a checklist with a target: what each line became, what answers it, and what might. */
export const understand = (
  runbook: Omit<UnderstoodDocument['runbook'], 'rows'>,
  model: Runbook,
  target: Omit<UnderstoodDocument['target'], 'usable'>,
  spec: Target | null,
): UnderstoodDocument => {
  const has = spec === null ? 0 : Object.keys(spec.probes).length + Object.keys(spec.metrics).length;
  const { bound, unbound } = spec === null ? { bound: [], unbound: [] } : bindItems(model, spec);
  const answered = spec === null ? [] : answeredOf(model, bound, spec);
  return {
    runbook: {
      ...runbook,
      problems: [...runbook.problems, ...joinedRemarks(model, bound)],
      rows: understoodOf(model, bound, spec),
    },
    target: { ...target, usable: spec !== null },
    sensed: answered.filter(({ by }) => by === 'sensed').length,
    unbound,
    answered,
    idle: spec === null ? [] : idleOf(bound, spec),
    suggestions: spec === null || runbook.items * has > mostCompared ? [] : suggestBindings(model, spec),
  };
};
