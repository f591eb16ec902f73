import { fc } from '../fixtures/properties.ts';
import { expect, test } from 'vitest';
import { fillArguments, fillPlaceholders, hiddenCharacter, showArguments } from './text.ts';

const one =
  (value: string) =>
  (name: string): string | null =>
    name === 'v' ? value : null;

test('a value stays inside its argument whatever it holds', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 60 }), (value) => {
      fc.pre(!value.includes('\0') && !value.startsWith('secret:'));
      expect(fillArguments(['tool', '--', '${v}', 'x=${v}'], one(value))).toEqual(['tool', '--', value, `x=${value}`]);
    }),
    { numRuns: 300 },
  );
});

test('a value that would be read as an option is refused, unless "--" stands before it', () => {
  expect(() => fillArguments(['tool', '${v}'], one('--rm'))).toThrow('write "--" before it');
  expect(fillArguments(['tool', '--', '${v}'], one('--rm'))).toEqual(['tool', '--', '--rm']);
  expect(fillArguments(['tool', '--name=${v}'], one('-x'))).toEqual(['tool', '--name=-x']);
});

test('a value is never filled in twice, never names a program and never names a secret', () => {
  expect(fillArguments(['tool', '${v}'], one('${v}'))).toEqual(['tool', '${v}']);
  expect(() => fillArguments(['${v}'], one('rm'))).toThrow('written out');
  expect(() => fillPlaceholders({ header: '${v}' }, one('secret:TOKEN'))).toThrow('may not name a secret');
  expect(fillPlaceholders({ header: 'secret:TOKEN', list: ['${v}', 3] }, one('a'))).toEqual({
    header: 'secret:TOKEN',
    list: ['a', 3],
  });
  expect(() => fillPlaceholders('${other}', one('a'))).toThrow('no value in this run');
  expect(() => fillPlaceholders('${v}', one('a\0b'))).toThrow('NUL');
});

test('characters that cannot be seen are named', () => {
  expect(hiddenCharacter('kubectl get pods')).toBeNull();
  expect(hiddenCharacter('kubectl\u202Eget')).toBe('U+202E');
  expect(hiddenCharacter('a\u200Bb')).toBe('U+200B');
  expect(hiddenCharacter('a\u001B[2Jb')).toBe('U+001B');
});

test('arguments are shown so that none can pass for two', () => {
  expect(showArguments(['kubectl', '--context', 'a b', "it's"])).toBe(String.raw`kubectl --context 'a b' 'it'\''s'`);
});
