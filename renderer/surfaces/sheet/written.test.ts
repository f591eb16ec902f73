import { describe, expect, test } from 'vitest';
import type { PaperPlace } from '../../../shared/paper/places.ts';
import type { FieldId, ItemId } from '../../../shared/runbook/model.ts';
import type { RoundId } from '../../../shared/schedule/rounds.ts';
import { entryOf, writtenAt } from './written.ts';

const noon = new Date('2026-11-26T12:00').getTime();

describe('a written time', () => {
  test('is the last time that it was so late', () => {
    expect(writtenAt('11:59', noon)).toBe(new Date('2026-11-26T11:59').getTime());
    expect(writtenAt('14.05', noon)).toBe(new Date('2026-11-25T14:05').getTime());
    expect(writtenAt('2026-11-24 08:30', noon)).toBe(new Date('2026-11-24T08:30').getTime());
  });
  test('may be missing, and is never guessed', () => {
    expect(writtenAt('  ', noon)).toBeNull();
    for (const wrong of ['25:00', '12:60', 'noon', '2026-13-40 08:30', '8'])
      expect(writtenAt(wrong, noon)).toBeUndefined();
  });
});

const base = { key: 'k', number: '1', words: 'w', asks: '', unit: null };
const tick: PaperPlace = { ...base, kind: 'tick', item: 'i' as ItemId };
const choice: PaperPlace = { ...base, kind: 'fill', field: 'f' as FieldId, options: ['Yes', 'No', 'Not yet'] };
const reading: PaperPlace = { ...base, kind: 'reading', round: 'r' as RoundId, reading: 'p95' };

test.each([
  [tick, 'x', { kind: 'tick', item: 'i' }],
  [tick, 'maybe', 'x for a box that is ticked, Enter alone for one that is not.'],
  [choice, 'y', { kind: 'fill', field: 'f', value: 'Yes' }],
  [choice, 'not', { kind: 'fill', field: 'f', value: 'Not yet' }],
  [choice, 'n', 'The first letters of one of: Yes, No, Not yet.'],
  [reading, '512 !', { kind: 'reading', round: 'r', reading: 'p95', value: '512', fine: false }],
  [reading, '312', { kind: 'reading', round: 'r', reading: 'p95', value: '312', fine: true }],
])('$0.kind takes %j', (place, typed, entry) => {
  expect(entryOf(place, typed)).toEqual(entry);
});
