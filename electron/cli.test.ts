import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Sqlite from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { serve } from './serve.ts';
import type { Served } from './serve.ts';
import { databaseIn, openDatabase } from './store/database.ts';
import { openEventLog } from './store/event-log.ts';
import type { RunId } from '../shared/events.ts';

const launcher = new URL('../build/war-room.mjs', import.meta.url).pathname;
const quiet = { info: () => undefined, error: () => undefined };
let dir: string;
let data: string;
const servers: Served[] = [];
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-cli-'));
  data = join(dir, 'data');
  mkdirSync(join(dir, 'pages'));
  writeFileSync(join(dir, 'pages/index.html'), '<!doctype html>');
});
afterEach(async () => {
  for (const served of servers.splice(0)) await served.close();
  rmSync(dir, { recursive: true, force: true });
});

type Ended = { readonly code: number | null; readonly out: string; readonly err: string };
const warRoom = async (...argv: string[]): Promise<Ended> => {
  const child = spawn(process.execPath, [launcher, ...argv], { stdio: ['ignore', 'pipe', 'pipe'], timeout: 20_000 });
  const said = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (text: string) => (said.out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said.err += text));
  const [code] = await once(child, 'close');
  return { code, ...said };
};
const open = async (options: { readonly port?: number } = {}): Promise<Served> => {
  const served = await serve({ dataDir: data, version: '0.0.0', pages: join(dir, 'pages'), log: quiet, ...options });
  servers.push(served);
  return served;
};
const history = (entries: number): void => {
  const database = openDatabase(data);
  const log = openEventLog(database, { now: () => 1_700_000_000_000, monotonic: () => 0 });
  for (let n = 0; n < entries; n += 1)
    log.append('run' as RunId, { kind: 'app' }, [{ type: 'item-noted', body: { item: null, text: `note ${n}` } }]);
  database.close();
};

describe('war-room', () => {
  it('says how it is used, and its version', async () => {
    for (const asked of [['help'], ['--help'], ['print', 'x.md', '--help']])
      expect(await warRoom(...asked), asked.join(' ')).toMatchObject({
        code: 0,
        err: '',
        out: expect.stringContaining('Usage: war-room COMMAND'),
      });
    expect((await warRoom('--version')).out).toMatch(/^\d+\.\d+\.\d+\n$/v);
  });

  it.each([
    [[], 'Name a command.'],
    [['launch'], 'no command "launch"'],
    [['constructor'], 'no command "constructor"'],
    [['serve', '--bogus'], "Unknown option '--bogus'"],
    [['serve', 'extra'], "Unexpected argument 'extra'"],
    [['serve', '--port', 'http'], '"http" is no port'],
    [['serve', '--port', '70000'], '"70000" is no port'],
    [['serve', '--data', ''], 'folder after --data is empty'],
    [['verify'], 'Name one data folder'],
    [['verify', 'x', '--head', '7'], '"7" is no head'],
    [['check', '--bogus', 'x'], "Unknown option '--bogus'"],
  ])('refuses %j with a sentence and 2', async (argv, sentence) => {
    const { code, out, err } = await warRoom(...argv);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err).not.toContain('    at ');
  });
});

describe('war-room serve', () => {
  it.each([
    ['a file in place of the folder', () => writeFileSync(data, ''), 'not a folder'],
    ['a history of a newer version', () => tampered('PRAGMA user_version = 999'), 'newer War Room'],
    ['a damaged history', () => damaged(), '--set-aside'],
    ['a synced folder', () => (data = join(dir, 'Dropbox', 'data')), 'synced'],
  ])('ends with a sentence and 2 on %s', async (_, prepare, sentence) => {
    prepare();
    const { code, out, err } = await warRoom('serve', '--json', '--no-open', '--data', data);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(sentence);
    expect(err.trim().split('\n')).toHaveLength(1);
  });
  const tampered = (statement: string): void => {
    history(3);
    const sql = new Sqlite(databaseIn(data));
    sql.exec(statement);
    sql.close();
  };
  const damaged = (): void => {
    history(3);
    writeFileSync(databaseIn(data), readFileSync(databaseIn(data)).subarray(0, 5_000));
  };

  it('refuses data that another one holds, says who, and leaves that one alone', async () => {
    const { url } = await open();
    const { code, err } = await warRoom('serve', '--json', '--no-open', '--data', data);
    expect([code, err]).toEqual([2, expect.stringContaining(`process ${process.pid} on `)]);
    expect((await fetch(new URL('/', url))).status).toBe(200);
  });

  it('refuses a port that is taken when it was asked for, and gives the data back', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    await expect(open({ port })).rejects.toMatchObject({
      code: 'in-use',
      message: expect.stringContaining(`Port ${port}`),
    });
    other.close();
    await open({ port });
  });

  it('comes back on the port of the last time, and on another where that is taken meanwhile', async () => {
    const { url } = await open();
    await servers.pop()?.close();
    const { port } = new URL(url);
    const again = await open();
    expect(new URL(again.url).port).toBe(port);
    await servers.pop()?.close();
    const other = createServer().listen(Number(port), '127.0.0.1');
    await once(other, 'listening');
    expect(new URL((await open()).url).port).not.toBe(port);
    other.close();
  });

  it('leaves no note of itself, no write-ahead log and no lock when it closes', async () => {
    await open();
    await servers.pop()?.close();
    expect(readdirSync(data).sort()).toEqual(['logs', 'served.json', 'war-room.db']);
  });
});

describe('war-room verify', () => {
  it('says that a history holds, with its head', async () => {
    history(25);
    const { code, out } = await warRoom('verify', data);
    expect([code, out]).toEqual([0, expect.stringMatching(/^25 entries hold. Head 25:[\da-f]{64}\n$/v)]);
    const head = out.trim().split(' ').at(-1) ?? '';
    expect(JSON.parse((await warRoom('verify', data, '--json', '--head', head)).out)).toMatchObject({
      ok: true,
      entries: 25,
    });
    expect((await warRoom('verify', data, '--head', head.replace('25:', '24:'))).code).toBe(1);
  });

  it('names the first entry that somebody changed', async () => {
    history(25);
    const sql = new Sqlite(databaseIn(data));
    sql.exec(
      "DROP TRIGGER events_never_change; UPDATE events SET body = replace(body, 'note', 'vote') WHERE seq >= 17",
    );
    sql.close();
    expect(await warRoom('verify', data)).toMatchObject({
      code: 1,
      out: expect.stringContaining('The first bad entry is 17'),
    });
    expect(JSON.parse((await warRoom('verify', data, '--json')).out)).toMatchObject({ ok: false, seq: 17 });
  });

  it('makes nothing where there is nothing, and reads a room that is open without disturbing it', async () => {
    const missing = await warRoom('verify', join(dir, 'nowhere'));
    expect([missing.code, missing.err]).toEqual([2, expect.stringContaining('There is no history')]);
    expect(readdirSync(dir)).not.toContain('nowhere');
    history(3);
    await open();
    const found = await warRoom('verify', data);
    expect(found).toMatchObject({ code: 0, out: expect.stringMatching(/^\d+ entries hold/u), err: '' });
    // The app still holds it: nobody else may write.
    expect(await warRoom('serve', '--json', '--no-open', '--data', data)).toMatchObject({
      code: 2,
      err: expect.stringContaining('in use by'),
    });
  });
});
