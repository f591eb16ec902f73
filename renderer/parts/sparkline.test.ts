import { expect, test } from 'vitest';
import { scaleOf } from './sparkline.tsx';

test('a ripple on a calm value fills little of the height', () => {
  const { low, high } = scaleOf([109, 111, 113], []);
  expect(4 / (high - low)).toBeLessThan(0.15);
});

test('a limit nearby is in sight, one far away does not flatten the curve', () => {
  const near = scaleOf([300, 420, 480], [500]);
  expect(near.high).toBeGreaterThan(500);
  const far = scaleOf([3, 4, 5], [1_000]);
  expect(far.high).toBeLessThan(20);
});

test.each([[[0, 0, 0]], [[-3, -3]], [[5]]])('even %j has a height', (values) => {
  const { low, high } = scaleOf(values, []);
  expect(high).toBeGreaterThan(low);
});
