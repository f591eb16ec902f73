import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSettings } from './settings.ts';
import type { Settings } from './settings.ts';

const schema = z.object({ theme: z.enum(['light', 'dark']), port: z.number() });
type Shape = z.output<typeof schema>;
let dir: string;
let file: string;
let said: string[];
const open = (): Settings<Shape> =>
  openSettings(
    file,
    schema,
    { theme: 'light', port: 0 },
    { info: () => undefined, error: (words) => said.push(words) },
  );
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-settings-'));
  file = join(dir, 'settings.json');
  said = [];
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

describe('settings', () => {
  it('start with the defaults, are kept, and are readable by this user alone', () => {
    expect(open().get('port')).toBe(0);
    open().set('port', 4_870);
    open().set('theme', 'dark');
    expect([open().get('port'), open().get('theme')]).toEqual([4_870, 'dark']);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(said).toEqual([]);
  });

  it.each([
    ['cut', (whole: string) => whole.slice(0, 10)],
    ['empty', () => ''],
    ['garbage', () => '\0\0\0\0'],
    ['another shape', () => '{"theme": "purple"}'],
    ['not an object', () => '[]'],
  ])('come back from the last good copy when the file is damaged, say so, and keep its bytes: %s', (_, damage) => {
    open().set('port', 1);
    open().set('theme', 'dark');
    const damaged = damage(readFileSync(file, 'utf8'));
    writeFileSync(file, damaged);
    expect(open().get('port')).toBe(1);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain('the last good copy took its place');
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(damaged);
  });

  it('fall back to the defaults when both are damaged, and can be set again', () => {
    open().set('port', 1);
    open().set('port', 2);
    writeFileSync(file, '{');
    writeFileSync(`${file}.last-good`, '{');
    const settings = open();
    expect(settings.get('port')).toBe(0);
    expect(said[0]).toContain('the defaults took its place');
    settings.set('port', 3);
    expect(open().get('port')).toBe(3);
  });
});
