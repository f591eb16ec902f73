import { expect, test } from 'vitest';
import { age, span, tClock, tShort } from './words.ts';

const minute = 60_000;
const hour = 60 * minute;
test.each([
  [-12.5 * minute, 'T\u221200:12:30'],
  [-1, 'T\u221200:00:00'],
  [0, 'T+00:00:00'],
  [4 * minute + 12_999, 'T+00:04:12'],
  [26 * hour, 'T+1 d 02:00:00'],
])('the clock at %i', (at, words) => expect(tClock(at)).toBe(words));

test.each([
  [248_000, 'T+4:08'],
  [-30_000, 'T\u22120:30'],
  [2 * hour + 9_000, 'T+2:00:09'],
  [120 * hour, 'T+5 d'],
])('an entry at %i', (at, words) => expect(tShort(at)).toBe(words));

test.each([
  [-5_000, 'now'],
  [400, 'now'],
  [9_000, '9 s'],
  [130_000, '2 min'],
  [5 * hour, '5 h'],
  [72 * hour, '3 d'],
])('an age of %i ms', (ms, words) => expect(age(ms)).toBe(words));

test.each([
  [-1, '0:00'],
  [48_000, '0:48'],
  [62 * minute + 33_000, '1:02:33'],
  [52 * hour, '2 d 4 h'],
])('a span of %i ms', (ms, words) => expect(span(ms)).toBe(words));
