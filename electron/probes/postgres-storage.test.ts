import { afterAll, beforeAll, expect, test } from 'vitest';
import { asSuperuser, startPostgresPair } from './fixtures/postgres-servers.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { postgresProbe } from './postgres.ts';

let pair: Awaited<ReturnType<typeof startPostgresPair>>;

beforeAll(async () => {
  pair = await startPostgresPair("archive_mode = on\narchive_command = 'exit 0'\n");
  await asSuperuser(
    pair.primary,
    "create role watcher login password 'secret'",
    'grant pg_monitor to watcher',
    "create role blind login password 'secret'",
  );
});
afterAll(() => pair.remove());

const ask = async (server: keyof Omit<typeof pair, 'remove'>, user: string) =>
  (await runProbe(postgresProbe, { url: pair[server].url(user) }, 5_000)).answer;

test('tells the disk in use, the WAL, and the last backup once there was one', async () => {
  const before = await ask('primary', 'watcher');
  // A fresh server has some MB of system tables, and WAL in files of 16 MiB.
  expect(before.values?.['diskMb']).toBeGreaterThan(5);
  expect(before.values?.['diskMb']).toBeGreaterThanOrEqual(before.values?.['databaseMb'] ?? Infinity);
  expect(before.values?.['walMb']).toBeGreaterThanOrEqual(16);
  expect(before.values).not.toHaveProperty('backupAgeH');
  expect(before.facts?.['cannotTell']).toContain('last backup (the server has no note of one; snapshots leave none)');
  expect(before.facts?.['cannotTell']).toContain('disk space that is left');

  await asSuperuser(pair.primary, "select pg_backup_start('nightly', true)", 'select pg_backup_stop(false)');
  const after = await ask('primary', 'watcher');
  expect(after.values?.['backupAgeH']).toBeGreaterThanOrEqual(0);
  expect(after.values?.['backupAgeH']).toBeLessThan(0.1);
  expect(after.facts?.['cannotTell']).not.toContain('last backup');
});

test('a standby and a role without the right say what they cannot tell', async () => {
  const standby = await ask('standby', 'watcher');
  expect(standby.values?.['walMb']).toBeGreaterThanOrEqual(16);
  expect(standby.facts?.['cannotTell']).toContain('last backup (a standby keeps no note of one; ask the primary)');
  const blind = await ask('primary', 'blind');
  expect(blind.values).not.toHaveProperty('diskMb');
  expect(blind.values).not.toHaveProperty('walMb');
  expect(blind.facts?.['cannotTell']).toContain('disk in use (the role has no pg_monitor)');
  expect(blind.facts?.['cannotTell']).toContain('size of the WAL and last backup (the role has no pg_monitor)');
});
