import { Socket } from 'node:net';
import pg from 'pg';
import { ProbeUnknown } from './probe.ts';
import { networkFailure } from './failure.ts';
import type { Failure } from './failure.ts';

export type Row = Readonly<Record<string, unknown>>;

/** One kept connection that can only look: read-only, every statement under a time-out. */
export type Session = {
  /** Rows of one statement; the extended protocol refuses a second one behind a semicolon. */
  readonly rows: (sql: string) => Promise<readonly Row[]>;
  readonly drop: () => void;
};

/** SQLSTATE → verdict. Refusals that lie in our own credentials or rights say nothing about the server's health. */
const refusals: Readonly<Record<string, Failure>> = {
  '53300': { reason: 'too-many-connections', sentence: 'Refuses connections: all of them are in use.' },
  '57P01': { reason: 'shutting-down', sentence: 'Is being shut down.' },
  '57P02': { reason: 'shutting-down', sentence: 'Crashed and is restarting.' },
  '57P03': { reason: 'starting-up', sentence: 'Is starting up or shutting down and takes no connections yet.' },
  '57014': { reason: 'statement-timeout', sentence: 'Did not finish a small question within the deadline.' },
};
const unknowns: Readonly<Record<string, readonly [reason: string, sentence: string]>> = {
  '28P01': ['wrong-password', 'PostgreSQL refuses the user or the password; set the secret anew.'],
  '28000': ['not-allowed', "PostgreSQL does not let this role in from here; look at the server's pg_hba.conf."],
  '3D000': ['no-database', 'PostgreSQL has no database of this name; look at the address in the secret.'],
  '42501': ['no-right', 'This role may not read what the probe asks for; grant it pg_monitor.'],
};

const stateOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** What an error of the driver says about the server. Throws ProbeUnknown where it says nothing, and the error where it is a bug. */
export const postgresFailure = (error: unknown): Failure => {
  const refusal = refusals[stateOf(error)];
  if (refusal !== undefined) return refusal;
  const [reason, sentence] = unknowns[stateOf(error)] ?? [];
  if (reason !== undefined && sentence !== undefined) throw new ProbeUnknown(reason, sentence, { cause: error });
  const message = error instanceof Error ? error.message : '';
  if (/Connection terminated|Client has encountered a connection error|not queryable/.test(message))
    return { reason: 'reset', sentence: 'Closed the connection in the middle.' };
  if (/does not support SSL/.test(message))
    return { reason: 'no-tls', sentence: 'Does not offer TLS, which the address asks for.' };
  if (/SASL|SCRAM|unsupported|Unknown authenticationOk|password must be a string/i.test(message))
    throw new ProbeUnknown(
      'wrong-password',
      'Signing in to PostgreSQL failed; look at the user and password in the secret.',
      { cause: error },
    );
  if (/unexpected message|Received unexpected|unknown message code|Invalid/i.test(message))
    return { reason: 'malformed', sentence: 'Answers with something that is not PostgreSQL.' };
  return networkFailure(error, 'The server');
};

/** Connects, at most `deadlineMs` long. `onSocket` hands over the socket at once, so that a deadline can cut it. */
export const openSession = async (
  url: string,
  deadlineMs: number,
  onSocket: (socket: Socket) => void,
): Promise<Session> => {
  const socket = new Socket();
  onSocket(socket);
  const client = new pg.Client({
    connectionString: url,
    application_name: 'war-room',
    connectionTimeoutMillis: deadlineMs,
    stream: () => socket,
  });
  // A connection that breaks between two attempts is noticed by the next one.
  client.on('error', () => {});
  await client.connect();
  // As statements, not as parameters of the connection: poolers refuse those.
  await client.query(`set statement_timeout = ${Math.max(100, deadlineMs)}`);
  await client.query('set default_transaction_read_only = on');
  return {
    rows: async (sql) => (await client.query<Row>({ text: sql, queryMode: 'extended' } as pg.QueryConfig)).rows,
    drop: () => {
      socket.destroy();
      client.end().catch(() => {});
    },
  };
};
