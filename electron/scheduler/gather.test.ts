import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { createGather } from './gather.ts';

let now = 0;
let taken: { readonly at: number; readonly group: readonly number[] }[] = [];
const start = () =>
  createGather<number>({
    clock: { monotonic: () => now },
    everyMs: 100,
    take: (group) => taken.push({ at: now, group }),
  });
const pass = (ms: number): void => {
  for (let step = 0; step < ms; step += 1) {
    now += 1;
    vi.advanceTimersByTime(1);
  }
};

beforeEach(() => {
  vi.useFakeTimers();
  [now, taken] = [0, []];
});
afterEach(() => void vi.useRealTimers());

test('the first after a pause goes on within a few ms, with what came right after it', () => {
  const gather = start();
  gather.add(1);
  pass(10);
  gather.add(2);
  pass(10);
  expect(taken).toEqual([{ at: 15, group: [1, 2] }]);
  pass(1_000);
  gather.add(3);
  pass(100);
  expect(taken.at(-1)).toEqual({ at: 1_035, group: [3] });
});

test('a stream of them makes no more than ten groups a second, and loses none', () => {
  const gather = start();
  for (let at = 0; at < 1_000; at += 1) {
    gather.add(at);
    pass(1);
  }
  pass(100);
  expect(taken.length).toBeLessThanOrEqual(12);
  expect(taken.flatMap(({ group }) => group)).toEqual(Array.from({ length: 1_000 }, (_, at) => at));
});

test('nothing comes after its end', () => {
  const gather = start();
  gather.add(1);
  gather.close();
  pass(1_000);
  expect(taken).toEqual([]);
});
