import { expect, test } from 'vitest';
import { checklistProjection } from '../../../shared/projections/checklist.ts';
import { parseRunbook } from '../../../shared/runbook/parse.ts';
import { dues } from './due.ts';

const text = `# Release

## Phase 1: Before (1 hour before)
- [ ] Write the notes

## Phase 2: Deployment

### Checks (First 2 minutes)
- [ ] It starts
- [ ] It answers

### Smoke (First 5 minutes)
- [ ] Login works

## Phase 3: Rollback

### Decide (First 3 minutes)
- [ ] Roll back
`;

const runbook = parseRunbook(text);
const checklist = checklistProjection.init({ runbook, bindings: [] });
const minute = 60_000;

test('nothing is due without a T-0', () => expect(dues(runbook, checklist, null)).toEqual([]));

test('the soonest comes first; what is past its time is overdue by that much; the rollback is nobody waiting', () => {
  const found = dues(runbook, checklist, 3 * minute);
  expect(found.map(({ section, open, inMs }) => [section.title.slice(0, 6), open, inMs])).toEqual([
    ['Checks', 2, -minute],
    ['Smoke ', 1, 2 * minute],
  ]);
});

test('what is settled is due no more', () => {
  const ticked = checklist.items
    .filter(({ phase }) => phase.includes('deployment'))
    .reduce(
      (state, { id }) =>
        checklistProjection.apply(state, {
          type: 'item-ticked',
          body: { item: id, value: null },
          seq: 1,
          at: 1,
          runId: 'r' as never,
          by: { kind: 'app' },
          prevHash: '',
          hash: '',
        }),
      checklist,
    );
  expect(dues(runbook, ticked, 3 * minute)).toEqual([]);
});
