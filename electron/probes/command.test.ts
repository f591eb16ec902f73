import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { commandProbe } from './command.ts';
import { expectNear } from './fixtures/near.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'war-room-command-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const node = (code: string, ...args: string[]) => [process.execPath, '-e', code, ...args];
const ask = async (params: object, deadlineMs = 5_000) => (await runProbe(commandProbe, params, deadlineMs)).answer;

test('exit code, numbers by pattern and by path, output by hash', async () => {
  const answer = await ask({
    argv: node('console.log("Statements : 71.4% ( 5/7 )")'),
    text: 'Statements',
    take: { coverage: { matches: 'Statements\\s*:\\s*([\\d.]+)%' } },
  });
  expect(answer).toMatchObject({
    verdict: 'up',
    values: { exitCode: 0, coverage: 71.4 },
    facts: { output: 'Statements : 71.4% ( 5/7 )\n' },
  });
  expect(answer.facts?.['sha256']).toMatch(/^[0-9a-f]{64}$/);
  expect(
    (await ask({ argv: node('console.log(JSON.stringify({errors:[1,2],n:3}))'), take: { n: '$.n' } })).values,
  ).toMatchObject({ n: 3 });
});

test('a wrong exit code is down with the last words, secrets taken out', async () => {
  const answer = await ask({
    argv: node('console.error("cannot: " + process.env.KEY + " password=abc"); process.exit(3)'),
    env: { KEY: 'hunter22' },
  });
  expect(answer).toMatchObject({
    verdict: 'down',
    reason: 'exit-code',
    sentence: expect.stringContaining('exit code 3'),
  });
  expect(JSON.stringify(answer)).not.toMatch(/hunter22|abc"/);
  expect((await ask({ argv: node('process.exit(3)'), exit: [0, 3] })).verdict).toBe('up');
  expect((await ask({ argv: node('process.kill(process.pid, "SIGTERM"); setTimeout(() => {}, 1000)') })).reason).toBe(
    'killed',
  );
});

test('while it runs it tells its newest whole line, masked, and nothing of a line that is not whole yet', async () => {
  const said: string[] = [];
  const probe = commandProbe.open({
    argv: node(
      `process.stdout.write('PASS a.test with hunt');
       setTimeout(() => process.stdout.write('er22\\n'), 150);
       setTimeout(() => process.stdout.write(' 40 %\\r 80 %\\r'), 250);
       setTimeout(() => process.stderr.write('x'.repeat(9000)), 350);
       setTimeout(() => process.stderr.write('hunter22\\nwarned\\n'), 450);
       setTimeout(() => process.stdout.write('no end'), 600);`,
    ),
    env: { KEY: 'hunter22' },
  });
  const { answer } = await attemptOf(
    (context) => probe.run({ ...context, progress: (line) => said.push(line) }),
    5_000,
  );
  expect(answer.verdict).toBe('up');
  expect(said).toEqual(['', 'PASS a.test with •••', '80 %', 'warned']);
});

test('arguments arrive byte for byte, there is no shell, and our own environment stays here', async () => {
  vi.stubEnv('WAR_ROOM_SECRET_CANARY', 'canary');
  const evil = ['$(touch x)', '; rm -rf /', '`id`', '"\'\\', '--flag', 'ü\n'];
  const answer = await ask({
    argv: node(
      'console.log(JSON.stringify([process.argv.slice(1), process.env.WAR_ROOM_SECRET_CANARY ?? null]))',
      '--',
      ...evil,
    ),
  });
  expect(JSON.parse(answer.facts?.['output'] ?? '')).toEqual([evil, null]);
  vi.unstubAllEnvs();
});

test('the deadline ends the whole group', async () => {
  const file = join(folder, 'pids');
  const code = `const c = require('node:child_process').spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)']); require('node:fs').writeFileSync(${JSON.stringify(file)}, process.pid + ' ' + c.pid); setTimeout(() => {}, 60000)`;
  const { answer, tookMs } = await runProbe(commandProbe, { argv: node(code) }, 800);
  expect(answer).toMatchObject({ verdict: 'down', reason: 'command-timeout' });
  expectNear(tookMs, 800);
  const alive = (pid: number): boolean => {
    try {
      // A process that ended but was not yet collected by its parent counts as gone.
      return process.kill(pid, 0) && !readFileSync(`/proc/${pid}/stat`, 'utf8').includes(') Z ');
    } catch {
      return false;
    }
  };
  for (const pid of readFileSync(file, 'utf8').split(' ').map(Number))
    await vi.waitFor(() => expect(alive(pid)).toBe(false), { timeout: 15_000 });
});

test('endless output is not kept, and what is not there is unknown', async () => {
  const answer = await ask({ argv: node('for (let i = 0; i < 50; i++) process.stdout.write("x".repeat(100000))') });
  expect(answer.verdict).toBe('up');
  expect(answer.facts?.['cut']).toBeDefined();
  expect(answer.facts?.['output']?.length).toBeLessThanOrEqual(4_000);
  await expect(ask({ argv: ['no-such-program-here'] })).rejects.toMatchObject({ reason: 'no-program' });
  await expect(ask({ argv: node('1'), cwd: join(folder, 'nowhere') })).rejects.toMatchObject({ reason: 'no-program' });
  await expect(ask({ argv: [folder] })).rejects.toMatchObject({ reason: 'not-executable' });
});

test('a command must say that it only looks', () => {
  expect(commandProbe.changes({ argv: ['ls'] })).toBe(true);
  expect(commandProbe.changes({ argv: ['ls'], repeat: 'safe' })).toBe(false);
});
