import { readFileSync } from 'node:fs';
import {
  differenceCiede2000,
  filterDeficiencyDeuter,
  filterDeficiencyProt,
  filterDeficiencyTrit,
  parse,
  wcagContrast,
} from 'culori';
import type { Color } from 'culori';
import { describe, expect, test } from 'vitest';

const css = readFileSync(new URL('./theme.css', import.meta.url), 'utf8');

/** The tokens of a block by name, in one theme. */
const tokensOf = (selector: string, theme: 'light' | 'dark'): ReadonlyMap<string, string> => {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0] ?? '';
  return new Map(
    [...block.matchAll(/--([\w-]+):\s*([^;]+);/gu)].map(([, name = '', value = '']) => {
      const [, light, dark] = /^light-dark\((.+?),\s*(.+?)\)$/u.exec(value) ?? [];
      return [name, (theme === 'light' ? light : dark) ?? value];
    }),
  );
};

const colour = (tokens: ReadonlyMap<string, string>, name: string): Color => {
  const found = parse(tokens.get(name) ?? '');
  if (found === undefined) throw new Error(`--${name} is no colour: ${tokens.get(name)}`);
  return found;
};

const states = ['ok', 'warn', 'fail', 'run', 'none'] as const;
const surfaces = ['bg', 'surface', 'raised'] as const;
const difference = differenceCiede2000();

// Machado, Oliveira, Fernandes 2009, at full severity. Rule C1: at least 15 for protan and deutan, 10 for tritan.
const eyes = [
  { name: 'protan', see: filterDeficiencyProt(1), least: 15 },
  { name: 'deutan', see: filterDeficiencyDeuter(1), least: 15 },
  { name: 'tritan', see: filterDeficiencyTrit(1), least: 10 },
] as const;

const screens = [
  { name: 'light', tokens: tokensOf(':root', 'light') },
  { name: 'dark', tokens: tokensOf(':root', 'dark') },
  {
    name: 'wall',
    tokens: new Map([...tokensOf(':root', 'dark'), ...tokensOf("[data-medium='wall']", 'dark')]),
  },
] as const;

describe.each(screens)('the $name tokens', ({ name, tokens }) => {
  test.each(eyes)('keep every two states apart for $name eyes', ({ see, least }) => {
    for (const [at, one] of states.entries())
      for (const other of states.slice(at + 1)) {
        const apart = difference(see(colour(tokens, one)), see(colour(tokens, other)));
        expect(apart, `${one} and ${other}`).toBeGreaterThanOrEqual(least);
      }
  });

  test('keep every state readable as text on every surface, and on its own tint', () => {
    const needed = name === 'wall' ? 7 : 4.5;
    const grounds = name === 'wall' ? (['bg', 'surface'] as const) : surfaces;
    for (const state of states)
      for (const ground of grounds)
        expect(
          wcagContrast(colour(tokens, state), colour(tokens, ground)),
          `${state} on ${ground}`,
        ).toBeGreaterThanOrEqual(needed);
    if (name === 'wall') {
      expect(wcagContrast(colour(tokens, 'fail'), colour(tokens, 'fail-tint'))).toBeGreaterThanOrEqual(7);
      return;
    }
    expect(wcagContrast(colour(tokens, 'fail'), colour(tokens, 'fail-tint'))).toBeGreaterThanOrEqual(4.5);
    expect(wcagContrast(colour(tokens, 'warn'), colour(tokens, 'warn-tint'))).toBeGreaterThanOrEqual(4.5);
    for (const state of states)
      expect(
        wcagContrast(colour(tokens, state), colour(tokens, 'accent-tint')),
        `${state} on the current item`,
      ).toBeGreaterThanOrEqual(4.5);
  });

  test('keep words readable and edges visible', () => {
    const needed = name === 'wall' ? 7 : 4.5;
    for (const words of ['text', 'muted', 'faint'])
      for (const ground of ['bg', 'surface'])
        expect(
          wcagContrast(colour(tokens, words), colour(tokens, ground)),
          `${words} on ${ground}`,
        ).toBeGreaterThanOrEqual(needed);
    for (const ground of surfaces) {
      expect(
        wcagContrast(colour(tokens, 'accent'), colour(tokens, ground)),
        `focus ring on ${ground}`,
      ).toBeGreaterThanOrEqual(3);
      expect(
        wcagContrast(colour(tokens, 'line-strong'), colour(tokens, ground)),
        `edge of a control on ${ground}`,
      ).toBeGreaterThanOrEqual(3);
    }
    expect(wcagContrast(colour(tokens, 'on-accent'), colour(tokens, 'accent'))).toBeGreaterThanOrEqual(4.5);
    expect(wcagContrast(colour(tokens, 'bg'), colour(tokens, 'production'))).toBeGreaterThanOrEqual(4.5);
  });
});

test('paper needs no colour at all', () => {
  const paper = tokensOf("[data-medium='paper']", 'light');
  for (const state of states) expect(paper.get(state)).toBe('#000000');
});
