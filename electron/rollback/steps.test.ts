import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { IncomingMessage, Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WarRoomError } from '../../shared/errors.ts';
import type { Health } from '../../shared/health.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import { readOutput, startChild } from './child.ts';
import { freezeStep, kindOf } from './freeze.ts';
import type { StepContext, StepEnd } from './step.ts';
import { scriptHash } from './steps/script.ts';

let base = '';
let count = 0;
let server: Server | null = null;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'war-room-steps-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
afterEach(() => {
  server?.closeAllConnections();
  server?.close();
  server = null;
});

const place = { context: 'c', namespace: 'n' };
type World = Partial<StepContext> & { readonly values?: Readonly<Record<string, string>>; readonly limitMs?: number };

/** Freezes a step and runs it as the executor would; what it said is beside how it ended. */
const run = async (
  kind: string,
  params: Record<string, unknown>,
  world: World = {},
): Promise<StepEnd & { readonly said: string }> => {
  const { values = {}, limitMs = 10_000, ...rest } = world;
  const spec = { kind, label: kind, timeout: limitMs, with: params };
  const frozen = await freezeStep(spec, 0, { variable: (name) => values[name] ?? null, place });
  const folder = join(base, `step-${++count}`);
  const signal = AbortSignal.timeout(limitMs);
  const lines: string[] = [];
  const context: StepContext = {
    argv: frozen.argv ?? [],
    signal,
    limitMs,
    child: async (env) =>
      (await startChild(folder, frozen.argv ?? [], { env: { PATH: process.env['PATH'], ...env }, limitMs, signal }))
        .ended,
    output: async () => (await readOutput(folder, 0, 1 << 16)).toString('utf8'),
    say: async (line) => void lines.push(line),
    health: () => null,
    cluster: () => Promise.reject(new WarRoomError('unavailable', 'no cluster here')),
    service: null,
    secret: async (text) => (text === 'secret:TOKEN' ? 'hunter2' : text),
    question: () => Promise.resolve('0'),
    notify: () => undefined,
    ...rest,
  };
  const end = await kindOf(kind).run(frozen.with, context);
  return { ...end, said: frozen.argv === null ? lines.join('\n') : await context.output() };
};
const health = (state: Health['state']): Health => ({
  id: 'x',
  state,
  value: 1,
  text: '1',
  sentence: `it is ${state}`,
  at: 0,
  n: 1,
});

const awkward = [
  '$(id)',
  '`id`',
  "'; id #",
  '"',
  '\\',
  '\n',
  '*',
  '~',
  ';',
  '&&',
  '$HOME',
  '${HOME}',
  '%s',
  '🚀',
  ' x ',
  '--flag',
  '=',
  '',
];

describe('command and script', () => {
  test('a value reaches the program as one argument, or in the environment, byte for byte', async () => {
    for (const value of awkward) {
      const tell = 'process.stdout.write(JSON.stringify([process.argv.slice(1), process.env.VALUE]))';
      const argv = [process.execPath, '-e', tell, '--', '${v}', 'a${v}b'];
      const { said } = await run('command', { argv, env: { VALUE: '${v}' } }, { values: { v: value } });
      expect(JSON.parse(said)).toEqual([[value, `a${value}b`], value]);
    }
  });

  test('a script is run as approved, with values in its environment only', async () => {
    const text = 'printf "%s" "$WHO"; echo " ${v} done"';
    for (const value of awkward) {
      const { said, outcome } = await run(
        'script',
        { text, sha256: scriptHash(text), env: { WHO: '${v}' } },
        { values: { v: value } },
      );
      expect({ said, outcome }).toEqual({ said: `${value}  done\n`, outcome: 'done' });
    }
  });

  test('a script stops at the first line that fails, also inside a pipe', async () => {
    const text = 'echo before\nfalse | cat\necho after';
    const end = await run('script', { text, sha256: scriptHash(text) });
    expect(end).toMatchObject({ outcome: 'failed', exitCode: 1, said: 'before\n' });
  });

  test('a secret reaches the process and stands in no plan', async () => {
    const params = { argv: ['sh', '-c', 'test "$TOKEN" = "$1"2', 'sh', 'hunter'], env: { TOKEN: 'secret:TOKEN' } };
    expect(await run('command', params)).toMatchObject({ outcome: 'done' });
    const frozen = await freezeStep({ kind: 'command', label: 'x', timeout: 1, with: params }, 0, {
      variable: () => null,
      place,
    });
    expect(JSON.stringify(frozen)).not.toContain('hunter2');
  });

  test('what is cut off at its limit is unknown, and says where to look', async () => {
    const end = await run('command', { argv: ['sleep', '30'] }, { limitMs: 300 });
    expect(end).toMatchObject({
      outcome: 'unknown',
      sentence: expect.stringContaining('Look at what this command changes'),
    });
  });

  test('other exit codes count as done where the step says so', async () => {
    expect(await run('command', { argv: ['sh', '-c', 'exit 3'], ok: [0, 3] })).toMatchObject({
      outcome: 'done',
      exitCode: 3,
    });
  });
});

const serve = async (
  answer: (
    request: IncomingMessage,
  ) => { readonly status: number; readonly body?: string; readonly to?: string } | null,
): Promise<string> => {
  const made = createServer((request, response) => {
    const said = answer(request);
    if (said !== null)
      response.writeHead(said.status, said.to === undefined ? {} : { location: said.to }).end(said.body ?? '');
  });
  server = made;
  await new Promise<void>((done) => made.listen(0, '127.0.0.1', done));
  return `http://127.0.0.1:${(made.address() as AddressInfo).port}/`;
};

describe('http', () => {
  test('is sent once, with secrets looked up at the last moment, and answers by its status', async () => {
    const asked: (string | undefined)[] = [];
    const url = await serve((request) => {
      asked.push(request.headers.authorization);
      return { status: asked.length === 1 ? 202 : 500, body: 'queued' };
    });
    const params = { url, headers: { authorization: 'secret:TOKEN' }, body: '{}' };
    expect(await run('http', params)).toMatchObject({ outcome: 'done', sentence: 'It answered 202.' });
    expect(await run('http', params)).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining('500') });
    expect(asked).toEqual(['hunter2', 'hunter2']);
  });

  test('follows no redirect, and looks into the answer where the step says so', async () => {
    const url = await serve(() => ({ status: 302, to: 'http://127.0.0.1:9/' }));
    expect(await run('http', { url })).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining('302') });
    server?.close();
    const health = await serve(() => ({ status: 200, body: '{"version":"2.1.0"}' }));
    const get = { method: 'GET', url: health };
    expect(await run('http', { ...get, contains: '"2.1.0"' })).toMatchObject({ outcome: 'done' });
    expect(await run('http', { ...get, contains: '"2.0.0"' })).toMatchObject({ outcome: 'failed' });
  });

  test('no answer is unknown where the request may have arrived, and failed where it can not have', async () => {
    const url = await serve(() => null);
    expect(await run('http', { url }, { limitMs: 300 })).toMatchObject({ outcome: 'unknown' });
    server?.closeAllConnections();
    await new Promise((done) => server?.close(done));
    expect(await run('http', { url })).toMatchObject({ outcome: 'failed' });
  });

  test('takes no address with credentials and no other kind of address', async () => {
    await expect(run('http', { url: 'https://a:b@example.test/' })).rejects.toThrow('no credentials');
    await expect(run('http', { url: 'file:///etc/passwd' })).rejects.toThrow('no http or https');
  });
});

describe('kubernetes', () => {
  const view = (replicas: number): ClusterView => ({
    at: 0,
    deployments: [
      {
        name: 'api',
        replicas,
        ready: 0,
        paused: false,
        strategy: 'RollingUpdate',
        maxUnavailable: 0,
        revision: 3,
        image: 'a:2',
        owner: null,
      },
    ],
    revisions: [{ deployment: 'api', revision: 2, image: 'a:1', labels: {} }],
    pods: [],
    services: [{ name: 'api', selector: { app: 'api' } }],
  });
  const said = (output: string, now: ClusterView): Partial<StepContext> => ({
    child: () => Promise.resolve({ how: 'ended', code: 0 }),
    output: () => Promise.resolve(output),
    cluster: () => Promise.resolve(now),
  });
  const scale = { do: 'scale', deployment: 'api', replicas: 2, from: 1 };

  test('exit code 0 is not believed: the cluster has to show the effect', async () => {
    expect(await run('kubernetes', scale, said('scaled', view(2)))).toMatchObject({ outcome: 'done' });
    expect(await run('kubernetes', scale, said('scaled', view(1)))).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('does not show it'),
    });
    const select = { do: 'selector', service: 'api', labels: { app: 'api' } };
    expect(await run('kubernetes', select, said('updated', view(1)))).toMatchObject({ outcome: 'done' });
    expect(await run('kubernetes', { ...select, labels: { app: 'b' } }, said('updated', view(1)))).toMatchObject({
      outcome: 'failed',
    });
  });

  test('a skipped undo is not done, although kubectl ends well', async () => {
    const undo = { do: 'undo', deployment: 'api', revision: 3 };
    const skipped = 'deployment.apps/api skipped rollback (current template already matches revision 3)';
    expect(await run('kubernetes', undo, said(skipped, view(1)))).toMatchObject({
      outcome: 'failed',
      sentence: expect.stringContaining('Nothing was rolled back'),
    });
    expect(await run('kubernetes', undo, said('rolled back', view(1)))).toMatchObject({ outcome: 'done' });
    expect(await run('kubernetes', { ...undo, revision: 2 }, said('rolled back', view(1)))).toMatchObject({
      outcome: 'failed',
    });
  });
});

describe('wait, notice and ask', () => {
  test('waits until everything named is well without a break', async () => {
    let looks = 0;
    const slow = { health: () => health(++looks < 3 ? 'fail' : 'ok') };
    expect(await run('wait', { metrics: ['x'], forMs: 200 }, slow)).toMatchObject({ outcome: 'done' });
    expect(looks).toBeGreaterThan(3);
  });

  test('begins anew after a time in which nobody looked', async () => {
    vi.useFakeTimers({ toFake: ['Date'] });
    let looks = 0;
    const asleep = {
      health: () => {
        if (++looks === 2) vi.setSystemTime(Date.now() + 60_000);
        return health('ok');
      },
    };
    try {
      expect(await run('wait', { metrics: ['x'], forMs: 60 }, asleep)).toMatchObject({ outcome: 'done' });
    } finally {
      vi.useRealTimers();
    }
    expect(looks).toBeGreaterThan(2);
  });

  test.each(['pending', 'little', 'unknown', 'stale', 'internal', 'warn', 'absent'] as const)(
    '%s is not well',
    async (state) => {
      const end = await run('wait', { probes: ['x'], forMs: 100 }, { health: () => health(state), limitMs: 250 });
      expect(end).toMatchObject({ outcome: 'failed', sentence: expect.stringContaining(`it is ${state}`) });
    },
  );

  test('a name that this run does not know is not well either', async () => {
    expect(await run('wait', { probes: ['gone'], forMs: 50 }, { limitMs: 250 })).toMatchObject({ outcome: 'failed' });
  });

  test('a notice is written down, and a question takes the expected answer', async () => {
    const told: string[] = [];
    await run(
      'notice',
      { text: 'Going back to ${previous}' },
      { values: { previous: '2.3.0' }, notify: (to, text) => void told.push(`${to}: ${text}`) },
    );
    expect(told).toEqual(['team: Going back to 2.3.0']);
    expect(await run('ask', { question: 'How long?', expects: '0' })).toMatchObject({ outcome: 'done' });
    expect(await run('ask', { question: 'How long?', expects: '1' })).toMatchObject({ outcome: 'failed' });
  });
});
