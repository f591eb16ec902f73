import { fc } from '../fixtures/properties.ts';
import { expect, test } from 'vitest';
import { wrapCode, wrapWords } from './wrap.ts';

test('a long command goes on behind a hook, between words where it can', () => {
  expect(wrapCode('kubectl --context prod -n api scale deployment/api', 30)).toEqual([
    { text: 'kubectl --context prod -n api ', more: false },
    { text: 'scale deployment/api', more: true },
  ]);
});

test('no sign of a command is lost, added or moved, whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 400 }), fc.integer({ min: 4, max: 120 }), (code, columns) => {
      const lines = code.split('\n').map((line) => wrapCode(line, columns).map(({ text }) => text));
      expect(lines.map((own) => own.join('')).join('\n')).toBe(code);
    }),
  );
});

test('words of any length come in pieces that fit, joined they are the words', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', minLength: 0, maxLength: 12_000 }), (words) => {
      const pieces = wrapWords(words);
      expect(pieces.join('')).toBe(words);
      expect(Math.max(...pieces.map(({ length }) => length))).toBeLessThanOrEqual(1_350);
    }),
    { numRuns: 20 },
  );
  expect(wrapWords('x'.repeat(10_000)).length).toBeGreaterThan(8);
});
