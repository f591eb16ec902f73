import type { EventEmitter } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { canMount, dropDisks, smallDisk } from '../store/fixtures/small-disk.ts';
import type { DeskSettings } from './desk-settings.ts';

const electron = vi.hoisted(() => ({ ipcMain: null as EventEmitter | null }));
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  electron.ipcMain = new Emitter();
  const app = { getPath: () => '/nowhere', getVersion: () => '0.0.0' };
  return { ipcMain: electron.ipcMain, app, default: { app, ipcMain: electron.ipcMain, shell: {} } };
});
const { openDeskSettings } = await import('./desk-settings.ts');

let dir: string;
let said: string[];
let told: string[];
const open = (folder = dir): Promise<DeskSettings> =>
  openDeskSettings(folder, {
    info: () => {},
    error: (words) => said.push(words),
    tell: (sentence) => told.push(sentence),
  });
const file = (folder = dir): string => join(folder, 'desktop.json');
const place = (x: number) => ({ x, y: 0, width: 1_280, height: 800, maximized: false });
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-desk-'));
  said = [];
  told = [];
});
afterEach(() => {
  dropDisks();
  rmSync(dir, { recursive: true, force: true });
});

describe('what the desktop remembers', () => {
  test('is kept for this user alone, and nothing is written by looking', async () => {
    expect((await open()).get('walls')).toEqual([]);
    expect(existsSync(file())).toBe(false);
    (await open()).set('walls', ['TV']);
    expect((await open()).get('walls')).toEqual(['TV']);
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o077).toBe(0);
    expect(electron.ipcMain?.listenerCount('electron-store-get-data')).toBe(0);
  });

  test.each([
    ['cut', (text: string) => text.slice(0, 20)],
    ['NULs', (text: string) => '\0'.repeat(text.length)],
    ['of another shape', () => '{"places": 3}'],
    ['empty', () => ''],
  ])('comes back from the last good copy where the file is %s, and it is told', async (_, damage) => {
    (await open()).set('walls', ['one']);
    (await open()).set('walls', ['two']);
    const damaged = damage(readFileSync(file(), 'utf8'));
    writeFileSync(file(), damaged);
    const settings = await open();
    expect(settings.get('walls')).toEqual(['one']);
    expect(told).toHaveLength(1);
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe(damaged);
    settings.set('newsSeen', '1.0.0');
    expect((await open()).get('walls')).toEqual(['one']);
  });

  test('holds while the app runs, whatever becomes of the file, and is whole at the next change', async () => {
    const settings = await open();
    settings.set('walls', ['one']);
    truncateSync(file(), 3);
    expect(settings.get('walls')).toEqual(['one']);
    settings.set('newsSeen', '1.0.0');
    expect((await open()).get('walls')).toEqual(['one']);
    expect(told).toEqual([]);
  });

  test('takes a file with a mark before its first character, and keeps what a newer version wrote', async () => {
    writeFileSync(file(), `\uFEFF${JSON.stringify({ walls: ['TV'], later: [1] })}`);
    (await open()).set('newsSeen', '1.0.0');
    expect(JSON.parse(readFileSync(file(), 'utf8'))).toMatchObject({ walls: ['TV'], newsSeen: '1.0.0', later: [1] });
    expect(told).toEqual([]);
  });

  test.runIf(canMount).each([0, 1, 2])(
    'with %d pages left on the disk: refused to who asked, logged where nobody waits, and nothing is lost',
    async (pages) => {
      const disk = smallDisk(512);
      const settings = await open(disk.path);
      for (let n = 0; n < 90; n += 1)
        settings.set('places', { ...settings.get('places'), [`1280x800@${n},0 1920x1080@1280,0`]: place(n) });
      expect(statSync(file(disk.path)).size).toBeGreaterThan(8_192);
      disk.fill(pages);
      settings.remember('places', { ...settings.get('places'), last: place(7) });
      expect(said).toEqual([expect.stringMatching(/could not be kept/u)]);
      expect(() => settings.set('walls', ['TV'])).toThrow(/is full|written whole/u);
      // As the app has it now, and as the disk had it before.
      expect([settings.get('walls'), Object.keys(settings.get('places'))]).toEqual([
        ['TV'],
        expect.arrayContaining(['last']),
      ]);
      expect(Object.keys((await open(disk.path)).get('places')).length).toBeGreaterThanOrEqual(89);
      disk.free();
      settings.set('newsSeen', '1.0.0');
      expect((await open(disk.path)).get('walls')).toEqual(['TV']);
      expect(told).toEqual([]);
    },
  );
});
