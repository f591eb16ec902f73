import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { awkwardWords } from '../../e2e/awkward-words.ts';
import { canMount, dropDisks, smallDisk } from '../store/fixtures/small-disk.ts';
import { ask } from './ask.ts';
import { noAnswer } from './cluster.ts';
import { findChild, leftBehind, outputSize, readOutput, startChild } from './child.ts';
import { findTool } from './tools.ts';

let base = '';
let count = 0;
const fresh = (): string => join(base, `step-${++count}`);
const env = { PATH: process.env['PATH'] };
const bounds = (limitMs: number) => ({ env, limitMs, signal: new AbortController().signal });
const node = process.execPath;
const said = async (folder: string): Promise<string> => (await readOutput(folder, 0, 1 << 20)).toString('utf8');

beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'war-room-child-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));

describe('a program that must not end because this app does', () => {
  test('gets 200 and more awkward arguments byte for byte', async () => {
    const values = awkwardWords;
    expect(values.length).toBeGreaterThanOrEqual(200);
    const folder = fresh();
    const script = 'process.stdout.write(JSON.stringify(process.argv.slice(1)))';
    const { ended } = await startChild(folder, [node, '-e', script, '--', ...values], bounds(20_000));
    expect(await ended).toEqual({ how: 'ended', code: 0 });
    expect(JSON.parse(await said(folder))).toEqual(values);
  });

  test('leaves its exit code and both streams behind, readable by its owner only', async () => {
    const folder = fresh();
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'echo out; echo err >&2; exit 7'], bounds(5_000));
    expect(await ended).toEqual({ how: 'ended', code: 7 });
    expect((await said(folder)).trim().split('\n').sort()).toEqual(['err', 'out']);
    expect(statSync(join(folder, 'output')).mode & 0o077).toBe(0);
    expect(await leftBehind(folder)).toEqual({ how: 'ended', code: 7 });
  });

  test('can not ask back, and its folder is good for one start', async () => {
    const folder = fresh();
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'read answer || echo closed'], bounds(5_000));
    await ended;
    expect(await said(folder)).toBe('closed\n');
    await expect(startChild(folder, ['/bin/sh', '-c', 'true'], bounds(5_000))).rejects.toThrow('EEXIST');
  });

  test('is ended with all its children at the limit', async () => {
    const folder = fresh();
    const script = 'trap "" TERM; sleep 300 & echo $!; sleep 300 & echo $!; wait';
    const { ended } = await startChild(folder, ['/bin/sh', '-c', script], bounds(400));
    expect(await ended).toEqual({ how: 'stopped' });
    const pids = (await said(folder)).trim().split('\n').map(Number);
    expect(pids).toHaveLength(2);
    await sleep(100);
    for (const pid of pids) expect(readable(pid)).toBe(false);
  });

  test('goes on when the app that started it is killed, and is found again with its output and its exit code', async () => {
    const folder = fresh();
    const source = new URL('./child.ts', import.meta.url).pathname;
    const app = join(base, 'app.ts');
    writeFileSync(
      app,
      `import { startChild } from ${JSON.stringify(source)};
       await startChild(process.argv[2], ['/bin/sh', '-c', 'echo one; sleep 1.5; echo two; exit 3'], { env: process.env, limitMs: 60000, signal: new AbortController().signal });
       process.stdout.write('started'); setInterval(() => {}, 1000);`,
    );
    const parent = spawn(node, [app, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
    await once(parent.stdout, 'data');
    await sleep(200);
    parent.kill('SIGKILL');
    await once(parent, 'exit');
    const found = await findChild(folder, bounds(10_000));
    expect(found).not.toBeNull();
    expect(await said(folder)).toBe('one\n');
    expect(await found?.ended).toEqual({ how: 'ended', code: 3 });
    expect(await said(folder)).toBe('one\ntwo\n');
    expect(await findChild(folder, bounds(10_000))).toBeNull();
  });

  test('is ended at the signal, when people stop what only looks', async () => {
    const folder = fresh();
    const stop = new AbortController();
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'sleep 60'], {
      ...bounds(30_000),
      signal: stop.signal,
    });
    stop.abort();
    expect(await ended).toEqual({ how: 'stopped' });
  });

  test('is not taken for another process that got its number', async () => {
    const folder = fresh();
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'true'], bounds(5_000));
    await ended;
    writeFileSync(join(folder, 'pid'), `${process.pid}\n`);
    expect(await findChild(folder, bounds(1_000))).toBeNull();
  });

  test('killed by somebody else, it is lost: no exit code is made up', async () => {
    const folder = fresh();
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'sleep 60'], bounds(30_000));
    while (!existsSync(join(folder, 'pid'))) await sleep(20);
    process.kill(-Number(readFileSync(join(folder, 'pid'), 'utf8')), 'SIGKILL');
    expect(await ended).toEqual({ how: 'lost' });
  });

  test.runIf(canMount)(
    'on a full disk it is not started, and one that filled it still tells how it ended',
    async () => {
      const disk = smallDisk(256);
      try {
        const truth = fresh();
        const touch = ['/bin/sh', '-c', 'echo ran > "$1"', 'sh', truth];
        disk.fill();
        const { ended } = await startChild(join(disk.path, 'step'), touch, bounds(5_000));
        expect(await ended).toEqual({ how: 'unbegun' });
        expect(existsSync(truth)).toBe(false);
        disk.free();
        const filling = ['/bin/sh', '-c', 'yes 2>&1; exit 9'];
        const full = await startChild(join(disk.path, 'other'), filling, bounds(10_000));
        expect(await full.ended).toEqual({ how: 'ended', code: 9 });
        expect(existsSync(join(disk.path, 'other', 'exit'))).toBe(false);
      } finally {
        dropDisks();
      }
    },
  );

  test('100 MB of output stay in the file', async () => {
    const folder = fresh();
    const before = process.memoryUsage().rss;
    const { ended } = await startChild(folder, ['/bin/sh', '-c', 'head -c 100000000 /dev/zero'], bounds(20_000));
    expect(await ended).toEqual({ how: 'ended', code: 0 });
    expect(await outputSize(folder)).toBe(100_000_000);
    expect((await readOutput(folder, 99_999_990, 1_000)).length).toBe(10);
    expect(process.memoryUsage().rss - before).toBeLessThan(64 * 1024 * 1024);
    rmSync(join(folder, 'output'));
  });
});

const readable = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return !/ Z/u.test(execFileSync('ps', ['-o', 'pid,stat', '-p', String(pid)], { encoding: 'utf8' }));
  } catch {
    return false;
  }
};

describe('a program that only looks', () => {
  test('answers with what it said, and is ended with its children at the signal', async () => {
    const quick = await ask(['/bin/sh', '-c', 'echo yes; echo warning >&2; exit 1'], {
      env,
      signal: AbortSignal.timeout(5_000),
    });
    expect(quick).toEqual({ code: 1, out: 'yes\n', err: 'warning\n', stopped: null });
    const started = performance.now();
    const slow = await ask(['/bin/sh', '-c', 'sleep 60 & sleep 60'], { env, signal: AbortSignal.timeout(300) });
    expect(slow.stopped).toBe('late');
    expect(performance.now() - started).toBeLessThan(5_000);
  });

  test('that says 100 MB is stopped, and its answer is not taken for a late one', async () => {
    const told = await ask(['/bin/sh', '-c', 'head -c 100000000 /dev/zero'], {
      env,
      signal: AbortSignal.timeout(20_000),
    });
    expect(told.stopped).toBe('flood');
    expect(noAnswer(told)).toContain('far more than was asked for');
  });

  test('that cannot be started is an error, not an answer', async () => {
    await expect(ask(['/nowhere/tool'], { env, signal: AbortSignal.timeout(1_000) })).rejects.toThrow('ENOENT');
  });
});

describe('finding a program', () => {
  test('missing, not executable, relative, and there', async () => {
    const plain = join(base, 'plain');
    writeFileSync(plain, '#!/bin/sh\n', { mode: 0o644 });
    await expect(findTool('no-such-tool-here', base)).rejects.toThrow("not on this machine's PATH");
    await expect(findTool('plain', base)).rejects.toThrow('may not be executed');
    await expect(findTool('./plain', base)).rejects.toThrow('current folder');
    expect(await findTool('sh', '/nowhere:/bin')).toBe('/bin/sh');
  });
});
