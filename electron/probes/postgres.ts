import type { Socket } from 'node:net';
import { z } from 'zod';
import { formatCount, formatNumber } from '../../shared/format.ts';
import { down, late } from './failure.ts';
import type { Failure } from './failure.ts';
import { createFlood, flooded } from './flood.ts';
import type { Flood } from './flood.ts';
import { asNumber } from './json.ts';
import { openSession, postgresFailure } from './postgres-session.ts';
import type { Row, Session } from './postgres-session.ts';
import { migrationHead } from './postgres-migrations.ts';
import { lookAtStatements, statementSeries } from './postgres-statements.ts';
import { lookAtStorage, storageSeries } from './postgres-storage.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext, SeriesSpec } from './probe.ts';
import { untilAbort } from './until.ts';

const params = z.strictObject({
  url: z
    .string()
    .min(1)
    .describe(
      'postgres://user:password@host:port/database, as secret:NAME; a role that may only look, with pg_monitor',
    ),
  role: z.enum(['primary', 'standby']).optional().describe('Down when the server is the other'),
  superuser: z
    .literal('allowed')
    .optional()
    .describe('Lets the probe sign in as a superuser, which it otherwise refuses'),
  slowMs: z.number().int().min(1).default(1_000).describe('From which time on a statement counts as slow'),
  sql: z
    .record(z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/), z.string().min(1))
    .default({})
    .describe('Series → one statement that returns one number'),
});
type Params = z.output<typeof params>;

const own: readonly SeriesSpec[] = [
  { name: 'latencyMs', unit: 'ms', label: 'Time of SELECT 1' },
  { name: 'connectionsUsed', unit: '', label: 'Client connections in use' },
  { name: 'connectionsUsedPercent', unit: '%', label: 'Client connections in use of those that clients can have' },
  { name: 'databaseConnections', unit: '', label: 'Client connections of this database' },
  { name: 'cacheHitPercent', unit: '%', label: 'Blocks found in the cache since the last attempt' },
  { name: 'replicas', unit: '', label: 'Replicas connected' },
  { name: 'replicationLagMs', unit: 'ms', label: 'How far the slowest replica is behind' },
  { name: 'databaseMb', unit: 'MB', label: 'Size of the database' },
  { name: 'deadlocks', unit: '', label: 'Deadlocks (a counter)' },
  { name: 'rollbacks', unit: '', label: 'Transactions rolled back (a counter)' },
  { name: 'commits', unit: '', label: 'Transactions committed (a counter)' },
  { name: 'walArchiveAgeH', unit: 'h', label: 'Age of the last archived WAL file' },
  { name: 'walArchiveFailures', unit: '', label: 'Failed WAL archivings (a counter)' },
];

/** Everything of one look, in one statement. `backend_type` keeps autovacuum, walsenders and the like out of the count. */
const lookSql = `select
  current_setting('server_version') as version,
  current_setting('server_version_num')::int as version_number,
  pg_is_in_recovery() as standby,
  (select rolsuper from pg_roles where rolname = current_user) as superuser,
  pg_has_role(current_user, 'pg_read_all_stats', 'usage') as sees_all,
  current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
    - coalesce(current_setting('reserved_connections', true)::int, 0) as available,
  (select count(*) from pg_stat_activity where backend_type = 'client backend')::int as used,
  (select count(*) from pg_stat_activity where backend_type = 'client backend' and datname = current_database())::int as of_database,
  d.blks_hit::float8 as hit, d.blks_read::float8 as read, d.deadlocks::float8 as deadlocks,
  d.xact_rollback::float8 as rollbacks, d.xact_commit::float8 as commits,
  pg_database_size(current_database())::float8 as bytes,
  (select count(*) from pg_stat_replication)::int as replicas,
  (select max(extract(epoch from replay_lag)) from pg_stat_replication)::float8 as lag,
  case when pg_is_in_recovery() then extract(epoch from now() - pg_last_xact_replay_timestamp())::float8 end as own_lag,
  case when pg_is_in_recovery() then pg_last_wal_receive_lsn() = pg_last_wal_replay_lsn() end as caught_up,
  current_setting('archive_mode') as archive_mode,
  (select extract(epoch from now() - last_archived_time)::float8 from pg_stat_archiver) as archived,
  (select failed_count::float8 from pg_stat_archiver) as archive_failures
from pg_stat_database d where d.datname = current_database()`;

const number = (row: Row, key: string): number | null => asNumber(row[key]);

type Numbers = Record<string, number>;
const put = (values: Numbers, name: string, value: number | null): void => {
  if (value !== null) values[name] = value;
};

/** A primary knows how far its replicas are behind; a standby knows its own delay, and none while it has replayed all it got. */
const lagMs = (row: Row): number | null => {
  if (row['standby'] === true) return row['caught_up'] === true ? 0 : (number(row, 'own_lag') ?? 0) * 1_000;
  // An idle replica reports no lag at all: it has nothing to catch up with.
  return (number(row, 'replicas') ?? 0) === 0 ? null : (number(row, 'lag') ?? 0) * 1_000;
};

const numbersOf = (row: Row, memory: Map<string, unknown>, cannotTell: string[]): Numbers => {
  const values: Numbers = {};
  const used = number(row, 'used');
  const available = number(row, 'available');
  if (row['sees_all'] === true) {
    put(values, 'connectionsUsed', used);
    put(values, 'databaseConnections', number(row, 'of_database'));
    if (used !== null && available !== null && available > 0)
      values['connectionsUsedPercent'] = (100 * used) / available;
    put(values, 'replicas', number(row, 'replicas'));
    put(values, 'replicationLagMs', lagMs(row));
  } else cannotTell.push('connections and replication (the role has no pg_monitor)');
  for (const counter of ['deadlocks', 'rollbacks', 'commits']) put(values, counter, number(row, counter));
  values['databaseMb'] = (number(row, 'bytes') ?? 0) / 1_048_576;

  const [hit, read] = [number(row, 'hit') ?? 0, number(row, 'read') ?? 0];
  const before = memory.get('blocks') as { hit: number; read: number } | undefined;
  memory.set('blocks', { hit, read });
  const asked = before === undefined ? 0 : hit + read - before.hit - before.read;
  // No reads since the last look: no ratio. A counter that fell was reset.
  if (before !== undefined && asked > 0 && hit >= before.hit)
    values['cacheHitPercent'] = (100 * (hit - before.hit)) / asked;

  if (row['archive_mode'] === 'off') cannotTell.push('WAL archive (archive_mode is off)');
  else {
    const age = number(row, 'archived');
    put(values, 'walArchiveAgeH', age === null ? null : age / 3_600);
    put(values, 'walArchiveFailures', number(row, 'archive_failures'));
  }
  return values;
};

const customNumbers = async (
  session: Session,
  sql: Params['sql'],
  cannotTell: string[],
  flood: Flood,
): Promise<Numbers> => {
  const values: Numbers = {};
  for (const [name, statement] of Object.entries(sql)) {
    try {
      const [row] = await session.rows(statement);
      const value = row === undefined ? null : asNumber(Object.values(row)[0]);
      if (value === null) cannotTell.push(`${name} (its statement returns no number)`);
      else values[name] = value;
    } catch (error) {
      // Our own question asked for it: that says nothing about the server.
      if (flood.is())
        throw new ProbeUnknown(
          'too-many-rows',
          `The statement "${name}" of the target returns more than 4 MiB; let it return one number.`,
        );
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      // A class of SQLSTATE 08, 53, 57 is about the server, any other about the statement.
      if (!/^[0-9A-Z]{5}$/.test(code) || /^(08|53|57P)/.test(code)) throw error;
      cannotTell.push(
        `${name} (its statement fails: ${code === '57014' ? 'it takes too long' : code === '25006' ? 'it would write' : `SQLSTATE ${code}`})`,
      );
    }
  }
  return values;
};

const look = async (session: Session, params: Params, context: ProbeContext, flood: Flood): Promise<Answer> => {
  const { memory } = context;
  const cannotTell = ['disk space that is left (no SQL tells it; a host probe does)'];
  const begun = performance.now();
  await session.rows('select 1');
  const latencyMs = performance.now() - begun;
  const [row = {}] = await session.rows(lookSql);
  if (row['superuser'] === true && params.superuser !== 'allowed')
    throw new ProbeUnknown(
      'superuser',
      'The probe would sign in as a superuser; give it a role that may only look, with pg_monitor.',
    );
  const statements = await lookAtStatements(
    session,
    { slowMs: params.slowMs, version: number(row, 'version_number') ?? 0, seesAll: row['sees_all'] === true },
    memory,
    cannotTell,
  );
  const custom = await customNumbers(session, params.sql, cannotTell, flood);
  const migrated = await migrationHead(session.rows, memory, cannotTell);
  const role = row['standby'] === true ? 'standby' : 'primary';
  const archived = row['archive_mode'] === 'off' ? 'not-archived' : 'archived';
  const about = { server: role === 'standby' ? role : archived, now: context.now() } as const;
  const storage = await lookAtStorage(session.rows, about, memory, cannotTell);
  const own = numbersOf(row, memory, cannotTell);
  const values: Numbers = { latencyMs, ...own, ...storage, ...statements.values, ...custom };
  const facts = {
    version: String(row['version'] ?? ''),
    role,
    ...statements.facts,
    ...migrated,
    ...(cannotTell.length > 0 ? { cannotTell: cannotTell.join('; ') } : {}),
  };
  if (params.role !== undefined && role !== params.role)
    return down({ reason: 'wrong-role', sentence: `Is a ${role}, expected a ${params.role}.` }, { values, facts });
  const shown =
    'connectionsUsed' in values
      ? `, ${formatNumber(values['connectionsUsed'] ?? 0)} of ${formatCount(number(row, 'available') ?? 0, 'client connection')} in use`
      : '';
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `Version ${facts.version}, ${role}, answers in ${Math.max(1, Math.round(latencyMs))} ms${shown}.`,
    values,
    facts,
  };
};

export const postgresProbe = defineProbe({
  kind: 'postgres',
  summary:
    'PostgreSQL through its own protocol: connections, cache, replication, slow statements, size, WAL, backups and statements of your own',
  params,
  series: ({ sql }) => [
    ...own,
    ...storageSeries,
    ...statementSeries,
    ...Object.keys(sql).map((name) => ({ name, unit: '', label: name })),
  ],
  open: (own) => {
    let kept: Session | null = null;
    let socket: Socket | null = null;
    const flood = createFlood();
    const drop = (): void => {
      kept?.drop();
      socket?.destroy();
      kept = null;
    };
    const asked = async (context: ProbeContext): Promise<Answer> => {
      const { signal, deadlineMs } = context;
      let session = kept;
      try {
        flood.begin();
        session ??= await openSession(own.url, deadlineMs, (opened) => flood.watch((socket = opened)));
        if (signal.aborted) throw signal.reason as Error;
        const fresh = kept === null;
        kept = session;
        return await look(session, own, context, flood).catch((error: unknown) => {
          // A kept connection may have died long before: a fresh one decides.
          if (fresh || signal.aborted || flood.is() || error instanceof ProbeUnknown) throw error;
          drop();
          return asked(context);
        });
      } catch (error) {
        session?.drop();
        // After a deadline, the next attempt may have a session of its own already.
        if (kept === session) kept = null;
        if (error instanceof ProbeUnknown) throw error;
        return down(flood.is() ? flooded : postgresFailure(error));
      }
    };
    const tooLate = (deadlineMs: number): Failure =>
      kept === null
        ? late(socket?.connecting === true ? 'connect' : 'wait', deadlineMs)
        : { reason: 'statement-timeout', sentence: `Did not answer a small question within ${deadlineMs / 1_000} s.` };
    return {
      run: (context) =>
        untilAbort<Answer>(context.signal, asked(context), () => down(tooLate(context.deadlineMs)), drop),
      close: drop,
    };
  },
});
