import { cpSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createHash } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CommandOutput } from '../../shared/commands/contract.ts';
import { referenceOf } from '../../shared/commands/reference.ts';
import type { Client } from '../../shared/contract.ts';
import type { EventBody, RecordedEvent, RunId } from '../../shared/events.ts';
import { everySecret, freshFolder, openDesk } from './fixtures/room.ts';

const open = (dataDir = freshFolder()) => openDesk({ dataDir, secrets: everySecret('canary-of-the-test') });

/** The commands that a wall shows as running now. */
const onWall = async (client: Client, run: RunId): Promise<unknown> => {
  for await (const said of await client.wall.follow({ run, after: 0 })) if ('seq' in said) return said.head?.running;
  return null;
};

const document = `# Release

## Before

- [ ] Says: \`node say.mjs\`
- [ ] Leaves a child: \`node hang.mjs\`
- [ ] Floods: \`node flood.mjs\`
- [ ] Fails: \`node fail.mjs\`
- [ ] Missing: \`flyctl status\`
- [ ] Flush: \`redis-cli FLUSHDB\`
- [ ] Look:
  \`\`\`bash
  echo one | cat; echo "$SECRET_WORD"
  \`\`\`
`;

const scripts: Readonly<Record<string, string>> = {
  'say.mjs':
    "console.log(process.cwd(), process.argv.length, 'token=abcdefgh12345678'); console.error('to the other stream');",
  'hang.mjs':
    "import { spawn } from 'node:child_process'; import { writeFileSync } from 'node:fs';" +
    "const child = spawn(process.execPath, ['-e', 'process.on(\"SIGTERM\", () => {}); setInterval(() => {}, 1000)'], { stdio: 'inherit' });" +
    "writeFileSync('child.pid', String(child.pid)); console.log('begun'); setInterval(() => {}, 1000);",
  'flood.mjs':
    "const line = 'x'.repeat(1023) + '\\n'; let n = 0; const more = () => { while (n < 102_400) { n++; if (!process.stdout.write(line)) return process.stdout.once('drain', more); } }; more();",
  'fail.mjs': "console.log('half'); process.exit(3);",
};

const start = async (client: Client, target = '', timeout = '1m') => {
  const directory = freshFolder();
  for (const [name, text] of Object.entries(scripts)) writeFileSync(join(directory, name), text);
  const { runId } = await client.runs.start({
    runbook: { name: 'r.md', text: document },
    target: {
      name: 't.yaml',
      text: `version: 1\nservice: api\nenvironment: staging\ncommands: { directory: ${directory}, timeout: ${timeout} }\nbindings:\n  - { item: 'Says: node say.mjs', by: command, command: [node, say.mjs] }\n${target}`,
    },
    release: '2.0.0',
    plannedT0: null,
  });
  return { runId, directory };
};

const until = async (
  client: Client,
  runId: RunId,
  fits: (event: RecordedEvent) => boolean,
): Promise<readonly RecordedEvent[]> => {
  const read: RecordedEvent[] = [];
  for await (const batch of await client.run.follow({ runId, after: 0 }, { signal: AbortSignal.timeout(30_000) })) {
    read.push(...batch);
    if (read.some(fits)) return read;
  }
  return read;
};

const endOf = async (client: Client, runId: RunId, execution: string) => {
  const events = await until(
    client,
    runId,
    ({ type, body }) => type === 'command-ended' && body.execution === execution,
  );
  const ended = events.find(({ type, body }) => type === 'command-ended' && body.execution === execution);
  return { events, ended: ended?.body as EventBody<'command-ended'> };
};

const said = async (client: Client, runId: RunId, execution: string): Promise<CommandOutput> => {
  let last: CommandOutput = { size: 0, text: '', cut: false };
  for await (const output of await client.commands.output(
    { runId, execution },
    { signal: AbortSignal.timeout(30_000) },
  ))
    last = output;
  return last;
};

const run = async (client: Client, runId: RunId, command: string, typed: string | null) => {
  const { key } = await client.commands.look({ runId, command });
  return (await client.commands.run({ runId, key, typed })).execution;
};

const gone = async (pid: number): Promise<boolean> => {
  for (let tries = 0; tries < 100; tries++) {
    try {
      process.kill(pid, 0);
    } catch {
      return true;
    }
    await sleep(50);
  }
  return false;
};

describe('a command of the document', () => {
  test('is shown before it runs, runs once in its folder, and its masked output is the evidence of its item', async () => {
    const { client, reopen } = await open();
    const { runId, directory } = await start(client);
    const shown = await client.commands.look({ runId, command: 'L5' });
    expect(shown).toMatchObject({
      argv: [expect.stringMatching(/\/node$/u), 'say.mjs'],
      directory,
      timeoutMs: 60_000,
      script: null,
    });
    await expect(client.commands.run({ runId, key: shown.key, typed: null })).rejects.toThrow('Type "node');
    const { execution } = await client.commands.run({ runId, key: shown.key, typed: ' node say.mjs ' });
    await expect(client.commands.run({ runId, key: shown.key, typed: 'node' })).rejects.toThrow(
      'look at the command again',
    );
    const { ended, events } = await endOf(client, runId, execution);
    const types = events.map(({ type }) => type);
    expect(types.indexOf('command-started')).toBeLessThan(types.indexOf('command-ended'));
    expect(ended).toMatchObject({ outcome: 'done', exitCode: 0 });
    const { text } = await said(client, runId, execution);
    expect(text).toContain(directory);
    expect(text).toContain('to the other stream');
    expect(text).not.toContain('abcdefgh');
    expect(ended.kept).toBe(createHash('sha256').update(text, 'utf8').digest('hex'));
    const ticked = await until(client, runId, ({ type }) => type === 'item-ticked');
    expect(ticked.find(({ type }) => type === 'item-ticked')).toMatchObject({
      by: { name: 'Ada' },
      body: { value: expect.stringContaining('exit code 0') },
    });
    const again = (await reopen()).client;
    expect((await said(again, runId, execution)).text).toBe(text);
  });

  test('that fails, is missing or must not run says so', async () => {
    const { client, as } = await open();
    const { runId } = await start(client);
    const { ended } = await endOf(client, runId, await run(client, runId, 'L8', 'node fail.mjs'));
    expect(ended).toMatchObject({ outcome: 'failed', exitCode: 3, sentence: expect.stringContaining('exit code 3') });
    await expect(client.commands.look({ runId, command: 'L9' })).rejects.toThrow('not on this machine');
    await expect(client.commands.look({ runId, command: 'L10' })).rejects.toThrow('never run from here');
    await expect(client.commands.look({ runId, command: 'L999' })).rejects.toThrow('no such command');
    await expect(as({ grant: 'watch' }).commands.look({ runId, command: 'L5' })).rejects.toThrow('may only watch');
  });

  test('that needs a shell runs as the script of the frozen document, pinned by its hash', async () => {
    const { client } = await open();
    const { runId } = await start(client);
    const shown = await client.commands.look({ runId, command: 'L13' });
    const text = 'echo one | cat; echo "$SECRET_WORD"';
    expect(shown.script).toBe(createHash('sha256').update(text).digest('hex'));
    expect(shown.argv.slice(1)).toEqual(['-e', '-o', 'pipefail', '-c', text]);
    const { execution } = await client.commands.run({ runId, key: shown.key, typed: null });
    expect((await endOf(client, runId, execution)).ended.outcome).toBe('done');
    expect((await said(client, runId, execution)).text).toBe('one\n\n');
  });

  test('is ended with all it started at its limit, when it is cancelled, and when the app ends', async () => {
    const { client, close, reopen } = await open();
    const late = await start(client, '', '1s');
    const first = await endOf(client, late.runId, await run(client, late.runId, 'L6', 'node hang.mjs'));
    expect(first.ended.outcome).toBe('late');
    expect(await gone(Number(readFileSync(join(late.directory, 'child.pid'), 'utf8')))).toBe(true);

    const { runId, directory } = await start(client);
    const execution = await run(client, runId, 'L6', 'node hang.mjs');
    await expect(run(client, runId, 'L6', 'node hang.mjs')).rejects.toThrow('running already');
    await expect(client.runs.close({ runId, reason: 'this has to end now' })).rejects.toThrow('still running');
    for await (const { text } of await client.commands.output({ runId, execution })) if (text.includes('begun')) break;
    const running = { of: 'command', label: expect.stringContaining('hang'), line: 'begun', ofMs: expect.any(Number) };
    expect(await onWall(client, runId)).toMatchObject([running]);
    await client.commands.cancel({ runId, execution });
    expect((await endOf(client, runId, execution)).ended.outcome).toBe('cancelled');
    expect(await onWall(client, runId)).toEqual([]);
    expect(await gone(Number(readFileSync(join(directory, 'child.pid'), 'utf8')))).toBe(true);
    await expect(client.commands.cancel({ runId, execution })).rejects.toThrow('not running any more');

    const second = await run(client, runId, 'L6', 'node hang.mjs');
    for await (const { text } of await client.commands.output({ runId, execution: second }))
      if (text.includes('begun')) break;
    await close();
    expect(await gone(Number(readFileSync(join(directory, 'child.pid'), 'utf8')))).toBe(true);
    const again = (await reopen()).client;
    expect((await endOf(again, runId, second)).ended.outcome).toBe('cancelled');
  });

  test('that ran when the app was killed is told once as lost: nobody knows how it ended', async () => {
    const { client, dataDir } = await open();
    const { runId } = await start(client);
    const execution = await run(client, runId, 'L6', 'node hang.mjs');
    for await (const { text } of await client.commands.output({ runId, execution })) if (text.includes('begun')) break;
    // What a kill leaves behind: the files as they are at this moment.
    const left = freshFolder();
    cpSync(dataDir, left, { recursive: true });
    const again = await open(left);
    const { ended, events } = await endOf(again.client, runId, execution);
    expect(ended).toMatchObject({
      outcome: 'lost',
      sha256: null,
      sentence: expect.stringContaining('may have gone on'),
    });
    expect(events.filter(({ type }) => type === 'command-started')).toHaveLength(1);
    const third = (await again.reopen()).client;
    const ends = (await endOf(third, runId, execution)).events.filter(({ type }) => type === 'command-ended');
    expect(ends).toHaveLength(1);
  });

  test('that says 100 MB is followed, hashed to its end and kept in bounds', async () => {
    const { client } = await open();
    const { runId } = await start(client);
    const before = process.memoryUsage.rss();
    const execution = await run(client, runId, 'L7', 'node flood.mjs');
    const { ended } = await endOf(client, runId, execution);
    const line = `${'x'.repeat(1_023)}\n`;
    const hash = createHash('sha256');
    for (let n = 0; n < 102_400; n++) hash.update(line);
    expect(ended).toMatchObject({ outcome: 'done', outputBytes: 104_857_600, sha256: hash.digest('hex') });
    const { text } = await said(client, runId, execution);
    expect(text.length).toBeLessThan(400_000);
    expect(text).toContain('bytes left out');
    // Whatever the garbage collector leaves: nothing near the 100 MB is ever held.
    expect(process.memoryUsage.rss() - before).toBeLessThan(96 * 1_048_576);
  });
});

test('a command of the target gets its secrets in the environment, masked wherever they are shown', async () => {
  const { client } = await open();
  const { runId } = await start(client);
  const other = await client.runs.start({
    runbook: { name: 'r.md', text: '# R\n\n## A\n\n- [ ] Ask: `node ask.mjs`\n' },
    target: {
      name: 't.yaml',
      text: `version: 1
service: api
environment: staging
commands:
  instead:
    - written: node ask.mjs
      run: [node, '--print', process.env.ASK_TOKEN]
      env: { ASK_TOKEN: 'secret:ask' }
`,
    },
    release: '1',
    plannedT0: null,
  });
  const shown = await client.commands.look({ runId: other.runId, command: 'L5+target' });
  expect(shown.env).toEqual(['ASK_TOKEN']);
  const { execution } = await client.commands.run({ runId: other.runId, key: shown.key, typed: 'node' });
  const { events } = await endOf(client, other.runId, execution);
  expect(JSON.stringify(events)).not.toContain('canary-of-the-test');
  expect((await said(client, other.runId, execution)).text).toBe('•••\n');
  await expect(client.commands.run({ runId, key: shown.key, typed: 'node' })).rejects.toThrow(
    'look at the command again',
  );
});

test('a practice run runs commands against the practice service alone, and each binding by command answers', async () => {
  const { client } = await open();
  const { runId } = await client.runs.practice();
  const written = referenceOf(await client.run.context({ runId })).find(({ title }) => title === 'Health check');
  const id = written?.id ?? '';
  await expect(client.commands.look({ runId, command: id })).rejects.toThrow('nothing but the practice service');
  const shown = await client.commands.look({ runId, command: `${id}+target` });
  expect(shown.argv.at(-1)).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/health$/u);
  const { execution } = await client.commands.run({ runId, key: shown.key, typed: null });
  expect((await endOf(client, runId, execution)).ended.outcome).toBe('done');
  expect(JSON.parse((await said(client, runId, execution)).text)).toMatchObject({ status: 'ok' });
  await client.runs.close({ runId, reason: 'the rehearsal is over' });
});
