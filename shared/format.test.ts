import { expect, test } from 'vitest';
import { firstSentence, formatCount, formatNumber, formatSpan, formatValue, withoutName } from './format.ts';

test('values read with their unit and digits, and a small one never as nothing', () => {
  expect(formatValue(742.4, 'ms')).toBe('742 ms');
  expect(formatValue(0.0214, '%', 2)).toBe('0.02 %');
  expect(formatNumber(0.004, 2)).toBe('0.004');
  expect(formatNumber(0, 2)).toBe('0.00');
  expect(formatNumber(-0.2)).toBe('-0.2');
  expect(formatNumber(Number.NaN)).toBe('–');
  expect(formatCount(2_995, 'request')).toBe('2,995 requests');
  expect([850, 4_000, 120_000, 3 * 3_600_000, 5 * 86_400_000].map(formatSpan)).toEqual([
    '850 ms',
    '4 s',
    '2 min',
    '3 h',
    '5 d',
  ]);
});

test('beside its name a sentence does not say it again, and another name is left whole', () => {
  expect(withoutName('Health: answered 503.', 'Health')).toBe('Answered 503.');
  expect(withoutName('Error rate 2 %, beyond its line.', 'Error rate')).toBe('2 %, beyond its line.');
  expect(withoutName('APIs fail.', 'API')).toBe('APIs fail.');
  expect(withoutName('Health', 'Health')).toBe('Health');
});

test('a text is told by its first sentence, whatever points its numbers and names hold', () => {
  const worse = 'WORSE: p95 median 0.7 s (target < 0.5 s), as api.example.test says.';
  expect(firstSentence(`${worse} The median is beyond the line.`)).toBe(worse);
  expect(firstSentence('Is it down? Nobody knows.')).toBe('Is it down?');
  expect(firstSentence('no sentence at all')).toBe('no sentence at all');
});
