import { asNumber } from './json.ts';
import type { Row } from './postgres-session.ts';
import type { SeriesSpec } from './probe.ts';

export const storageSeries: readonly SeriesSpec[] = [
  { name: 'diskMb', unit: 'MB', label: 'Disk that all databases of the server take' },
  { name: 'walMb', unit: 'MB', label: 'Disk that the WAL takes' },
  { name: 'backupAgeH', unit: 'h', label: 'Age of the last base backup that the server has a note of' },
];

const diskSql = 'select sum(pg_tablespace_size(oid))::float8 as bytes from pg_tablespace';

/**
 * A base backup leaves a file among the WAL, as long as that is archived: by name where it began, by its time when it ended.
 * https://www.postgresql.org/docs/current/continuous-archiving.html
 */
const walSql = `select sum(size)::float8 as bytes,
  max(extract(epoch from modification) * 1000) filter (where name ~ '^[0-9A-F]{24}[.][0-9A-F]{8}[.]backup$')::float8 as backed_up
from pg_ls_waldir()`;

type Looked = {
  readonly at: number;
  readonly values: Readonly<Record<string, number>>;
  readonly backedUpAt: number | null;
  readonly untold: readonly string[];
};

const everyMs = 60_000;
const megabytes = (bytes: unknown): number => (asNumber(bytes) ?? 0) / 1_048_576;

const ask = async (rows: (sql: string) => Promise<readonly Row[]>): Promise<Looked> => {
  const untold: string[] = [];
  const one = async (sql: string, what: string): Promise<Row | null> => {
    try {
      return (await rows(sql))[0] ?? null;
    } catch (error) {
      // 42501 is a right that the role lacks, 42883 a function that this version does not have.
      const code = error instanceof Error && 'code' in error ? String(error.code) : '';
      if (code !== '42501' && code !== '42883') throw error;
      untold.push(`${what} (${code === '42501' ? 'the role has no pg_monitor' : 'this version cannot tell'})`);
      return null;
    }
  };
  const disk = await one(diskSql, 'disk in use');
  const wal = await one(walSql, 'size of the WAL and last backup');
  const values = {
    ...(disk === null ? {} : { diskMb: megabytes(disk['bytes']) }),
    ...(wal === null ? {} : { walMb: megabytes(wal['bytes']) }),
  };
  return { at: performance.now(), values, backedUpAt: wal === null ? null : asNumber(wal['backed_up']), untold };
};

const noNote = {
  standby: 'a standby keeps no note of one; ask the primary',
  'not-archived': 'archive_mode is off, so the server keeps no note of one',
  archived: 'the server has no note of one; snapshots leave none',
};

/** The disk that a server takes and its last backup, as far as it can tell. Asked once a minute: it looks at every file. */
export const lookAtStorage = async (
  rows: (sql: string) => Promise<readonly Row[]>,
  { server, now }: { readonly server: keyof typeof noNote; readonly now: number },
  memory: Map<string, unknown>,
  cannotTell: string[],
): Promise<Readonly<Record<string, number>>> => {
  const known = memory.get('storage') as Looked | undefined;
  const looked = known !== undefined && performance.now() - known.at < everyMs ? known : await ask(rows);
  memory.set('storage', looked);
  cannotTell.push(...looked.untold);
  if (looked.backedUpAt !== null)
    return { ...looked.values, backupAgeH: Math.max(0, now - looked.backedUpAt) / 3_600_000 };
  if ('walMb' in looked.values) cannotTell.push(`last backup (${noNote[server]})`);
  return looked.values;
};
