import { expect, test } from 'vitest';
import { isSampleSelector, takeSamples } from './exposition.ts';

const page = [
  '# HELP requests_total Requests, by code',
  '# TYPE requests_total counter',
  'requests_total{code="200",path="/a b"} 90 1700000000000',
  'requests_total{path="/a}b",code="500"} 3',
  'requests_total { code = "500" } 100',
  'odd{words="say \\"hi\\"\\n"} 1e3',
  'up 1',
  'nothing NaN',
  'all_of_it +Inf',
  'half 0.5\r',
  'requests_total',
  'broken{code="500" 7',
].join('\n');

test('samples by name, by labels in any order, and summed', () => {
  expect(
    takeSamples(page, [
      'up',
      'requests_total{code="200"}',
      'requests_total{path="/a}b"}',
      'odd{words="say \\"hi\\"\\n"}',
    ]),
  ).toEqual([1, 90, 3, 1_000]);
  expect(takeSamples('a 1\na{x="1"} 2\n', ['a', 'a{x="1"}', 'a{x="2"}'])).toEqual([3, 2, null]);
});

test('what is no number is none', () => {
  expect(takeSamples(page, ['nothing', 'all_of_it', 'missing', 'broken'])).toEqual([null, null, null, null]);
});

test('selectors', () => {
  expect(['up', 'a:b_total', 'a{b="c"}'].map(isSampleSelector)).toEqual([true, true, true]);
  expect(['$.x', 'a b', '{b="c"}', ''].map(isSampleSelector)).toEqual([false, false, false, false]);
});

test.each([
  'a{'.repeat(5_000),
  `a{${'"'.repeat(9_000)}`,
  `a{${'x="\\'.repeat(2_000)}`,
  'a'.repeat(1_000_000),
  `a{b="c"}${' '.repeat(9_000)}`,
])('hostile lines are read in bounded time', (line) => {
  const begun = performance.now();
  takeSamples(Array(20).fill(line).join('\n'), ['a', 'a{b="c"}']);
  expect(performance.now() - begun).toBeLessThan(500);
});
