import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { referenceOf } from '../../shared/commands/reference.ts';
import type { ReferenceCommand } from '../../shared/commands/reference.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { parseTarget } from '../../shared/target/parse.ts';
import { freePort } from '../practice/backed.ts';
import { asSuperuser, startPostgresPair } from '../probes/fixtures/postgres-servers.ts';
import { findTool } from '../rollback/tools.ts';
import { eventsOf, freshFolder, openDesk, runCommand } from './fixtures/room.ts';

// Every command that the bundled documents offer to run is run here, through the door, against real programs and servers.

const bundled = (name: string): string =>
  readFileSync(new URL(`../../shared/runbooks/${name}`, import.meta.url), 'utf8');
const checklist = bundled('production-deployment-checklist.md');
const has = async (...tools: string[]): Promise<boolean> =>
  Promise.all(tools.map((tool) => findTool(tool))).then(
    () => true,
    () => false,
  );

const formsOf = async (client: Client, runId: RunId): Promise<readonly ReferenceCommand[]> =>
  referenceOf(await client.run.context({ runId })).flatMap((one) => [one, ...one.instead]);

/** Runs the command that answers an item, and proves that the item is ticked with its output as evidence. */
const ticks = async (client: Client, runId: RunId, form: ReferenceCommand): Promise<string> => {
  const { ended, text } = await runCommand(client, runId, form.id, form.confirm);
  expect({ form: form.text, outcome: ended.outcome, text }).toMatchObject({ outcome: 'done' });
  const ticked = await vi.waitUntil(
    async () =>
      (await eventsOf(client, runId)).find(({ type, body }) => type === 'item-ticked' && body.item === form.item),
    { timeout: 15_000 },
  );
  expect(ticked).toMatchObject({
    by: { name: 'Ada' },
    body: {
      value: expect.stringMatching(new RegExp(`^Ended with exit code 0 .*; output ${ended.kept?.slice(0, 12)}`)),
    },
  });
  return text;
};

const boundOf = (name: string): readonly string[] =>
  parseTarget(bundled(`${name}.target.yaml`)).target?.bindings.flatMap(({ by, item }) =>
    by === 'command' ? [item] : [],
  ) ?? [];

describe('the six items of the bundled checklist that a command answers', () => {
  test('in practice each is asked of the practice service, and ticks its item', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.practice();
    const { bindings } = await client.run.context({ runId });
    const items = new Set(bindings.flatMap(({ by, item }) => (by === 'command' ? [item] : [])));
    expect(items.size).toBe(6);
    const forms = (await formsOf(client, runId)).filter(
      ({ item, source }) => item !== null && items.has(item) && source === 'target',
    );
    expect(forms).toHaveLength(6);
    for (const form of forms) expect(await ticks(client, runId, form)).toMatch(/"state": ?"success"/);
    await client.runs.close({ runId, reason: 'the rehearsal is over' });
  });

  test('as the target of the real service writes them, in the folder of a project, each ticks its item', async () => {
    const directory = freshFolder();
    const says = (words: string): string => `node -e "console.log('${words}')"`;
    const scripts = {
      'test:coverage': says('All files | 91.2'),
      build: says('built in 4 s'),
      'test:e2e': says('12 passed'),
      'loadtest:smoke': says('p95 212 ms'),
    };
    writeFileSync(join(directory, 'package.json'), JSON.stringify({ name: 'project', version: '1.0.0', scripts }));
    mkdirSync(join(directory, 'node_modules/.bin'), { recursive: true });
    for (const tool of ['tsc', 'eslint']) {
      const path = join(directory, 'node_modules/.bin', tool);
      writeFileSync(path, `#!/usr/bin/env node\nconsole.log('${tool} finds nothing', ...process.argv.slice(2));\n`);
      chmodSync(path, 0o755);
    }
    const written = parseTarget(bundled('ywmessaging.target.yaml')).target;
    // Only what its commands say: nothing of this test may ask a host of the real service.
    const target = {
      ...{ version: 1, service: 'backend-api', environment: 'staging', commands: { directory, timeout: '1m' } },
      bindings: written?.bindings
        .filter(({ by }) => by === 'command')
        .map(({ item, by, command }) => ({ item, by, command })),
    };
    const { client } = await openDesk();
    const { runId } = await client.runs.start({
      runbook: { name: 'checklist.md', text: checklist },
      target: { name: 't.yaml', text: JSON.stringify(target) },
      release: '2.0.0',
      plannedT0: null,
    });
    const all = await formsOf(client, runId);
    const { bindings } = await client.run.context({ runId });
    const said: string[] = [];
    for (const { item, command } of bindings.filter(({ by }) => by === 'command')) {
      const form = all.find(
        (one) => one.item === item && one.how.kind === 'argv' && one.how.argv.join() === command?.join(),
      );
      if (form === undefined) throw new Error(`no command for ${item}`);
      said.push(await ticks(client, runId, form));
    }
    expect(said.join('\n')).toMatch(
      /All files \| 91\.2[^]*built in 4 s[^]*12 passed[^]*p95 212 ms[^]*tsc finds nothing --noEmit[^]*eslint finds nothing \./,
    );
    expect(said).toHaveLength(boundOf('ywmessaging').length);
  });
});

/** Said by name where they are left out: a machine may have the servers and not the programs that ask them. */
const clients = await has('psql', 'redis-cli');

describe.skipIf(!clients)('the psql and redis-cli forms of the reference, against real servers', () => {
  let pair: Awaited<ReturnType<typeof startPostgresPair>>;
  let redis: ChildProcess;
  let port: number;
  beforeAll(async () => {
    pair = await startPostgresPair();
    await asSuperuser(pair.primary, 'create database ywmessaging');
    const url = pair.primary.url('postgres').replace(/\/postgres$/, '/ywmessaging');
    await asSuperuser(
      { ...pair.primary, url: () => url },
      'create extension pg_stat_statements',
      'create table t as select 1',
    );
    // Written before anything was read, the document's cache hit ratio divides by zero; lint's form of it does not.
    const written = 'select 1 / (sum(heap_blks_hit) + sum(heap_blks_read))::int from pg_statio_user_tables';
    await vi.waitFor(() => asSuperuser({ ...pair.primary, url: () => url }, 'select * from t', written), {
      timeout: 15_000,
      interval: 300,
    });
    port = await freePort();
    redis = spawn('redis-server', ['-'], { stdio: ['pipe', 'ignore', 'ignore'] });
    redis.stdin?.end(`bind 127.0.0.1\nport ${port}\nsave ""\nrequirepass secret\n`);
    await vi.waitFor(async () => {
      const client = new Redis({ port, password: 'secret', lazyConnect: true, retryStrategy: () => null });
      client.on('error', () => {});
      await client.connect();
      await client.set('a', '1');
      client.disconnect();
    }, 10_000);
    vi.stubEnv('PGPASSWORD', 'secret');
    vi.stubEnv('PGPORT', String(pair.primary.port));
    vi.stubEnv('REDISCLI_AUTH', 'secret');
  });
  afterAll(async () => {
    vi.unstubAllEnvs();
    redis.kill('SIGKILL');
    if (redis.exitCode === null && redis.signalCode === null) await once(redis, 'exit');
    await pair.remove();
  });

  /** The document's own words, with the servers of this test in the places of the team's. */
  const here = (): string =>
    checklist.replaceAll('-h primary', '-h 127.0.0.1').replaceAll(/redis-cli(?= )/g, `redis-cli -p ${port}`);

  test('each one that is offered runs and answers; those that delete are never offered', async () => {
    const { client } = await openDesk();
    const { runId } = await client.runs.start({
      runbook: { name: 'checklist.md', text: here() },
      target: { name: 't.yaml', text: 'version: 1\nservice: backend-api\nenvironment: staging\n' },
      release: '2.0.0',
      plannedT0: null,
    });
    const all = (await formsOf(client, runId)).filter(({ text }) => /\b(?:psql|redis-cli)\b/.test(text));
    const answers: Record<string, string> = {};
    for (const form of all) {
      if (form.refusal !== null) {
        await expect(client.commands.look({ runId, command: form.id })).rejects.toThrow('never run from here');
        continue;
      }
      expect({ text: form.text, effect: form.effect }).toMatchObject({ effect: 'reads' });
      const { ended, text } = await runCommand(client, runId, form.id, form.confirm);
      expect(`${form.text}: ${ended.outcome} ${text}`).toContain(': done ');
      answers[form.id] = text;
    }
    const said = (part: string): string[] =>
      all.flatMap(({ id, text }) => (text.includes(part) && answers[id] !== undefined ? [answers[id]] : []));
    expect(said('pg_stat_activity').join()).toMatch(/count[^]*\d+/);
    expect(said('pg_stat_statements').join()).toMatch(/queryid/);
    expect(said('heap_blks_hit').join()).toMatch(/ratio/);
    expect(said('PING')[0]).toBe('PONG\n');
    expect(said('used_memory_human').join()).toMatch(/used_memory_human:\d/);
    expect(said('DBSIZE').join()).toMatch(/1/);
    expect(said('INFO keyspace').join()).toContain('db0:keys=1');
    expect(Object.keys(answers).length).toBeGreaterThanOrEqual(11);
    expect(
      all
        .filter(({ refusal }) => refusal !== null)
        .map(({ text }) => text)
        .join(),
    ).toMatch(/FLUSHDB/);
    expect(JSON.stringify(await eventsOf(client, runId))).not.toContain('secret');
  });
});
