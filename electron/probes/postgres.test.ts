import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { serveRaw, stopServers } from './fixtures/hostile.ts';
import { asSuperuser, startPostgresPair } from './fixtures/postgres-servers.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { postgresProbe } from './postgres.ts';
import { expectNear } from './fixtures/near.ts';
import { ProbeUnknown } from './probe.ts';

let pair: Awaited<ReturnType<typeof startPostgresPair>>;
const clients: pg.Client[] = [];

beforeAll(async () => {
  pair = await startPostgresPair();
  await asSuperuser(
    pair.primary,
    "create role watcher login password 'secret'",
    'grant pg_monitor to watcher',
    "create role blind login password 'secret'",
    'create table rows as select n, md5(n::text) as words from generate_series(1, 5000) n',
    'grant select on rows to watcher, blind',
  );
});
afterAll(async () => {
  for (const client of clients) await client.end().catch(() => {});
  await stopServers();
  await pair.remove();
});

const as = (user: string, more: object = {}) => ({ url: pair.primary.url(user), ...more });
const ask = async (params: object, deadlineMs = 3_000) => (await runProbe(postgresProbe, params, deadlineMs)).answer;

test('a primary: connections of clients only, replication, size, and what it cannot tell', async () => {
  const { answer } = await runProbe(postgresProbe, as('watcher', { role: 'primary' }));
  expect(answer).toMatchObject({ verdict: 'up', reason: 'ok', facts: { role: 'primary' } });
  // 20 connections, 3 kept for superusers; background workers are not among those used.
  expect(answer.values?.['connectionsUsed']).toBe(1);
  expect(answer.values?.['connectionsUsedPercent']).toBeCloseTo(100 / 17);
  expect(answer.values).toMatchObject({ databaseConnections: 1, replicas: 1, slowQueries: 0 });
  expect(answer.values?.['databaseMb']).toBeGreaterThan(1);
  expect(answer.values).not.toHaveProperty('cacheHitPercent');
  expect(answer.facts?.['cannotTell']).toMatch(/archive_mode is off/);
  expect(answer.facts?.['cannotTell']).toMatch(/disk space/);
  expect(answer.facts?.['cannotTell']).toMatch(/pg_stat_statements is not installed/);
  expect(answer.sentence).toMatch(/1 of 17 client connections in use/);
});

test('a standby: its role, and the lag that the primary sees when replay is held up', async () => {
  const standby = await ask({ url: pair.standby.url('watcher'), role: 'standby' });
  expect(standby).toMatchObject({ verdict: 'up', facts: { role: 'standby' }, values: { replicationLagMs: 0 } });
  expect(await ask({ url: pair.standby.url('watcher'), role: 'primary' })).toMatchObject({
    verdict: 'down',
    reason: 'wrong-role',
  });
  await asSuperuser(pair.standby, 'select pg_wal_replay_pause()');
  await asSuperuser(pair.primary, 'create table lagging as select generate_series(1, 1000)');
  await vi.waitFor(async () => expect((await ask(as('watcher'))).values?.['replicationLagMs']).toBeGreaterThan(300), {
    timeout: 15_000,
    interval: 300,
  });
  await asSuperuser(pair.standby, 'select pg_wal_replay_resume()');
});

test('cache hits are a difference between two looks, and nothing read is no ratio', async () => {
  const probe = postgresProbe.open(as('watcher', { sql: { rows: 'select count(*) from rows' } }));
  const memory = new Map<string, unknown>();
  const first = await attemptOf(probe.run, 3_000, memory);
  expect(first.answer.values).toMatchObject({ rows: 5_000 });
  expect(first.answer.values).not.toHaveProperty('cacheHitPercent');
  // The server tells its statistics about once a second.
  await vi.waitFor(
    async () =>
      expect((await attemptOf(probe.run, 3_000, memory)).answer.values?.['cacheHitPercent']).toBeGreaterThan(50),
    { timeout: 10_000, interval: 1_100 },
  );
  await probe.close();
});

test('slow statements are found by pg_stat_statements once it is there, and while they run', async () => {
  await asSuperuser(pair.primary, 'create extension pg_stat_statements');
  const probe = postgresProbe.open(as('watcher', { slowMs: 200 }));
  const memory = new Map<string, unknown>();
  expect((await attemptOf(probe.run, 3_000, memory)).answer.facts?.['cannotTell']).toContain('keeps means only');
  const client = new pg.Client({ connectionString: pair.primary.url('watcher') });
  clients.push(client);
  await client.connect();
  const slow = client.query('select pg_sleep(0.8)');
  await new Promise((done) => setTimeout(done, 450));
  const during = (await attemptOf(probe.run, 3_000, memory)).answer;
  expect(during.values?.['slowQueries']).toBeGreaterThanOrEqual(1);
  expect(during.values?.['longestQueryMs']).toBeGreaterThan(300);
  await slow;
  const after = (await attemptOf(probe.run, 3_000, memory)).answer;
  expect(after.values?.['slowQueries']).toBeGreaterThanOrEqual(1);
  expect(after.facts?.['slowestStatement']).toContain('pg_sleep');
  await probe.close();
});

test('a role without the right to see others says so instead of counting wrongly', async () => {
  const answer = await ask(as('blind'));
  expect(answer.verdict).toBe('up');
  expect(answer.values).not.toHaveProperty('connectionsUsed');
  expect(answer.facts?.['cannotTell']).toContain('pg_monitor');
});

test('the migration head is read where a known tool keeps it, and said where it may not be read', async () => {
  expect((await ask(as('watcher'))).facts).not.toHaveProperty('migrationHead');
  await asSuperuser(
    pair.primary,
    'create table schema_migrations (version bigint primary key, dirty boolean)',
    'insert into schema_migrations values (20261101120000, false), (20261120093000, false)',
  );
  expect((await ask(as('watcher'))).facts?.['cannotTell']).toMatch(
    /migration head \(no right to read schema_migrations\)/,
  );
  await asSuperuser(pair.primary, 'grant select on schema_migrations to watcher');
  expect((await ask(as('watcher'))).facts?.['migrationHead']).toBe('20261120093000 (schema_migrations)');
  await asSuperuser(
    pair.primary,
    'drop table schema_migrations',
    'create table alembic_version (other text)',
    'grant select on alembic_version to watcher',
  );
  expect((await ask(as('watcher'))).facts?.['cannotTell']).toMatch(/unknown form of alembic_version/);
  await asSuperuser(pair.primary, 'drop table alembic_version');
});

test('statements of a target can only read, one at a time, and a wrong one spoils nothing else', async () => {
  const sql = {
    good: 'select 42',
    writes: 'delete from rows returning 1',
    two: 'select 1; drop table rows',
    slow: 'select pg_sleep(30)::text',
    missing: 'select nothing from nowhere',
    words: "select 'many'",
  };
  const answer = await ask(as('watcher', { sql }), 1_500);
  // The slow one ends by the statement time-out, which is the deadline itself.
  expect(answer.verdict).toBe('down');
  const { slow: _, ...quick } = sql;
  const second = await ask(as('watcher', { sql: quick }));
  expect(second).toMatchObject({ verdict: 'up', values: { good: 42 } });
  for (const name of ['writes', 'two', 'missing', 'words']) expect(second.facts?.['cannotTell']).toContain(`${name} (`);
  expect(second.facts?.['cannotTell']).toMatch(/writes \(its statement fails: (it would write|SQLSTATE 42501)/);
  expect((await ask(as('watcher', { sql: { rows: 'select count(*) from rows' } }))).values).toMatchObject({
    rows: 5_000,
  });
});

test('our own wrong password, database or rights are unknown, never down, and stay out of the words', async () => {
  const wrong = ask({ url: pair.primary.url('watcher', 'hunter2') });
  await expect(wrong).rejects.toMatchObject({ reason: 'wrong-password' });
  await expect(wrong).rejects.not.toThrow('hunter2');
  await expect(ask({ url: `${pair.primary.url('watcher')}-nowhere` })).rejects.toMatchObject({ reason: 'no-database' });
  await expect(ask(as('postgres'))).rejects.toBeInstanceOf(ProbeUnknown);
  expect((await ask(as('postgres', { superuser: 'allowed' }))).verdict).toBe('up');
});

test('no connection left, hanging, refusing and lying servers', async () => {
  const greedy = Array.from({ length: 20 }, () => new pg.Client({ connectionString: pair.primary.url('watcher') }));
  clients.push(...greedy);
  // One after the other: a connection that is just refused takes a slot, too.
  for (const client of greedy) await client.connect().catch(() => {});
  expect(await ask(as('watcher'))).toMatchObject({ verdict: 'down', reason: 'too-many-connections' });
  await Promise.all(greedy.map((client) => client.end().catch(() => {})));

  const hanging = await runProbe(postgresProbe, { url: `postgres://u:p@127.0.0.1:${await serveRaw(() => {})}/d` }, 500);
  expect(hanging.answer).toMatchObject({ verdict: 'down', reason: 'no-answer' });
  expectNear(hanging.tookMs, 500);
  expect(await ask({ url: 'postgres://u:p@127.0.0.1:1/d' })).toMatchObject({ verdict: 'down', reason: 'refused' });
  const liar = await serveRaw((socket) => socket.write('HTTP/1.1 400 Bad Request\r\n\r\n'));
  expect((await ask({ url: `postgres://u:p@127.0.0.1:${liar}/d` }, 800)).verdict).toBe('down');
});

test('a server that says a gigabyte is cut short, one that drips ends at the deadline, and so does a statement', async () => {
  const before = process.memoryUsage.rss();
  const flood = await serveRaw((socket) => {
    const head = Buffer.from('R\0\0\0\0', 'latin1');
    head.writeInt32BE(0x7fffffff, 1);
    socket.write(head);
    const more = (): void => {
      while (!socket.destroyed && socket.write(Buffer.alloc(65_536, 'x')));
    };
    socket.on('drain', more);
    more();
  });
  expect(await ask({ url: `postgres://u:p@127.0.0.1:${flood}/d` }, 4_000)).toMatchObject({
    verdict: 'down',
    reason: 'answer-too-large',
  });
  expect((process.memoryUsage.rss() - before) / 1_048_576).toBeLessThan(256);
  const drip = await serveRaw((socket) => {
    const timer = setInterval(() => socket.write('R'), 50);
    socket.on('close', () => clearInterval(timer));
  });
  const dripping = await runProbe(postgresProbe, { url: `postgres://u:p@127.0.0.1:${drip}/d` }, 500);
  expect(dripping.answer.verdict).toBe('down');
  expectNear(dripping.tookMs, 500);
  const wide = { all: 'select repeat(md5(n::text), 100) from generate_series(1, 5000) n' };
  await expect(ask(as('watcher', { sql: wide }))).rejects.toMatchObject({ reason: 'too-many-rows' });
});

test('a server that stops and comes back is seen both times over the same probe', async () => {
  const probe = postgresProbe.open({ url: pair.standby.url('watcher') });
  pair.standby.pause();
  const hung = await attemptOf(probe.run, 500);
  expect(hung.answer).toMatchObject({ verdict: 'down' });
  expectNear(hung.tookMs, 500);
  pair.standby.resume();
  expect((await attemptOf(probe.run)).answer.verdict).toBe('up');
  await pair.standby.stop();
  expect((await attemptOf(probe.run)).answer).toMatchObject({ verdict: 'down', reason: 'refused' });
  await probe.close();
});
