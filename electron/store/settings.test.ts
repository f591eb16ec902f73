import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
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

  it('fall back to the defaults when both are damaged, and can be set again', () => {
    open().set('port', 1);
    open().set('port', 2);
    writeFileSync(file, '{');
    writeFileSync(`${file}.last-good`, '{');
    const settings = open();
    expect(settings.get('port')).toBe(0);
    expect(said[0]).toContain('the defaults took their place');
    settings.set('port', 3);
    expect(open().get('port')).toBe(3);
  });
});
