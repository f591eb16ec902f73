import { mkdtempSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openLogFile } from './log-file.ts';

let dir: string;
const silent = { info: () => {}, error: () => {} };
beforeEach(() => (dir = mkdtempSync(join(tmpdir(), 'war-room-log-'))));
afterEach(() => rmSync(dir, { recursive: true, force: true }));

test('an entry is one line, whatever it says, and holds no credential', () => {
  const log = openLogFile(dir, silent);
  log.error('it said "ok\r\n2026-01-01 info all is well"', new Error('postgres://app:hunter2secret@db/x refused'));
  log.info('Authorization: Bearer abcdefghijklmnop');
  const text = readFileSync(join(dir, 'logs/war-room.log'), 'utf8');
  expect(text.trimEnd().split('\n')).toHaveLength(2);
  expect(text).not.toMatch(/hunter2secret|abcdefghijklmnop/u);
  expect(log.tail(1)[0]).toMatch(/^\d{4}-\d\d-\d\dT\S+ info Authorization: /u);
  if (process.platform !== 'win32') expect(statSync(join(dir, 'logs/war-room.log')).mode & 0o077).toBe(0);
});

test('takes five files of a MiB at most, the newest lines in the first', () => {
  const log = openLogFile(dir, silent);
  for (let at = 0; at < 2_400; at += 1) log.info(`${at} ${'x'.repeat(3_000)}`);
  const files = readdirSync(join(dir, 'logs'));
  expect(files.toSorted()).toEqual([
    'war-room.1.log',
    'war-room.2.log',
    'war-room.3.log',
    'war-room.4.log',
    'war-room.log',
  ]);
  for (const file of files) expect(statSync(join(dir, 'logs', file)).size).toBeLessThan(1024 ** 2 + 4_000);
  expect(log.tail(1)[0]).toContain(' 2399 ');
});
