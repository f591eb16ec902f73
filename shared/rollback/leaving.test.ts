import { expect, test } from 'vitest';
import type { Rollback, StepView } from '../projections/rollback.ts';
import { leavingOf } from './leaving.ts';

const step = (id: string, state: StepView['state'], argv: readonly string[] | null = ['kubectl']): StepView =>
  ({ id, state, label: `Do ${id}`, argv }) as unknown as StepView;
const plan = (state: Rollback['state'], steps: readonly StepView[], purpose = 'rollback'): Rollback =>
  ({ id: 'one', state, steps, proposed: { purpose } }) as unknown as Rollback;

test('what runs as a process goes on, what runs inside is cut off, and both are said', () => {
  const going = leavingOf(plan('running', [step('1', 'done'), step('2', 'running')]), 'api');
  expect(going?.message).toBe('A rollback of api is running: step 2 of 2, “Do 2”');
  expect(going?.detail).toMatch(/^Without War Room step 2 goes on to its own end/u);
  const inside = leavingOf(plan('running', [step('1', 'running', null)], 'deploy'), 'api');
  expect(inside?.message).toMatch(/^A deployment of api/u);
  expect(inside?.detail).toMatch(/step 1 is cut off/u);
});

test('one that is held still holds people back, and an aborted one does while its last step runs', () => {
  const held = leavingOf(plan('held', [step('1', 'done'), step('2', 'waiting')]), 'api');
  expect(held?.message).toBe('A rollback of api is held in the middle: 1 of 2 steps are still to come');
  expect(leavingOf(plan('aborted', [step('1', 'running')]), 'api')?.message).toMatch(/is running/u);
});

test.each(['proposed', 'blocked', 'ready', 'armed', 'aborted', 'finished'] as const)('%s keeps nobody', (state) => {
  expect(leavingOf(plan(state, [step('1', 'waiting')]), 'api')).toBeNull();
});
