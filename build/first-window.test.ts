import { readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..');

/** What a file of the built main process imports before it runs, and what that imports. */
const loadedFirst = (name: string, seen = new Set<string>()): ReadonlySet<string> => {
  if (seen.has(name)) return seen;
  seen.add(name);
  const text = readFileSync(join(root, 'dist/electron', name), 'utf8');
  for (const [, other = ''] of text.matchAll(/^(?:import|export)\b[^;'"]*["']\.\/([^"']+)["']/gmu))
    loadedFirst(other, seen);
  return seen;
};

test('what is loaded before the first window is small, and holds neither the engine nor the probes', () => {
  const files = [...loadedFirst('main.js')];
  expect(files.length).toBeGreaterThan(2);
  expect(files.filter((name) => name.startsWith('engine'))).toEqual([]);
  const bytes = files.reduce((sum, name) => sum + statSync(join(root, 'dist/electron', name)).size, 0);
  expect(bytes / 1024 ** 2).toBeLessThan(1.5);
});
