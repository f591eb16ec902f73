import { Redis } from 'ioredis';
import { z } from 'zod';
import { formatCount, formatNumber } from '../../shared/format.ts';
import { down, late, networkFailure } from './failure.ts';
import type { Failure } from './failure.ts';
import { createFlood, flooded } from './flood.ts';
import { asNumber } from './json.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';
import { untilAbort } from './until.ts';

const params = z.strictObject({
  url: z.string().min(1).describe('redis://user:password@host:port or rediss://, as secret:NAME'),
  role: z.enum(['master', 'slave']).optional().describe('Down when the server is the other'),
  ca: z.string().optional().describe('PEM of a private authority'),
});
type Params = z.output<typeof params>;

type Info = ReadonlyMap<string, string>;

const infoOf = (text: string): Info =>
  new Map(
    text
      .split(/\r?\n/)
      .filter((line) => line.includes(':') && !line.startsWith('#'))
      .map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 1)]),
  );

/** "db0:keys=500,expires=500,…" of every database, not only the selected one. */
const keysOf = (info: Info): ReadonlyMap<string, number> =>
  new Map(
    [...info]
      .filter(([name]) => /^db\d+$/.test(name))
      .map(([name, words]) => [name, Number(/keys=(\d+)/.exec(words)?.[1] ?? 0)]),
  );

/** "slave0:ip=…,port=…,state=online,offset=…,lag=1" of every replica: its address, and when it was last heard. */
const replicasOf = (info: Info): readonly { readonly name: string; readonly state: string; readonly lagS: number }[] =>
  [...info]
    .filter(([name]) => /^slave\d+$/.test(name))
    .map(([, words]) => {
      const parts = new Map(words.split(',').map((pair) => [pair.split('=')[0] ?? '', pair.split('=')[1] ?? '']));
      const name = `${parts.get('ip') ?? ''}:${parts.get('port') ?? ''}`;
      return { name, state: parts.get('state') ?? 'unknown', lagS: asNumber(parts.get('lag')) ?? 0 };
    });

type Numbers = Record<string, number>;

const hitRate = (info: Info, memory: Map<string, unknown>): Numbers => {
  const hits = asNumber(info.get('keyspace_hits'));
  const misses = asNumber(info.get('keyspace_misses'));
  if (hits === null || misses === null) return {};
  const before = memory.get('reads') as { hits: number; misses: number } | undefined;
  memory.set('reads', { hits, misses });
  const counters = { hits, misses, reads: hits + misses };
  if (before === undefined || hits < before.hits || misses < before.misses) return counters;
  const reads = hits - before.hits + misses - before.misses;
  // No reads since the last look: no rate.
  return reads === 0 ? counters : { ...counters, hitRatePercent: (100 * (hits - before.hits)) / reads };
};

const numbersOf = (info: Info, memory: Map<string, unknown>): Numbers => {
  const values: Numbers = hitRate(info, memory);
  const take = (name: string, field: string, scale = 1): void => {
    const value = asNumber(info.get(field));
    if (value !== null) values[name] = value * scale;
  };
  take('memoryMb', 'used_memory', 1 / 1_048_576);
  take('evicted', 'evicted_keys');
  take('clients', 'connected_clients');
  if (values['clients'] !== undefined) values['otherClients'] = Math.max(0, values['clients'] - 1);
  take('blockedClients', 'blocked_clients');
  take('rejectedConnections', 'rejected_connections');
  take('commandsPerSecond', 'instantaneous_ops_per_sec');
  take('replicas', 'connected_slaves');
  take('replicaSilenceS', 'master_last_io_seconds_ago');
  const replicas = replicasOf(info);
  if (replicas.length > 0) values['replicaLagS'] = Math.max(...replicas.map(({ lagS }) => lagS));
  const [used, most] = [asNumber(info.get('used_memory')), asNumber(info.get('maxmemory'))];
  if (used !== null && most !== null && most > 0) values['memoryPercent'] = (100 * used) / most;
  values['keys'] = [...keysOf(info).values()].reduce((sum, keys) => sum + keys, 0);
  return values;
};

const look = async (client: Redis, own: Params, memory: Map<string, unknown>): Promise<Answer> => {
  const begun = performance.now();
  const pong: string = await client.ping();
  const latencyMs = performance.now() - begun;
  if (pong !== 'PONG')
    return down({ reason: 'wrong-answer', sentence: 'Answers PING with something that is not PONG.' });
  const info = infoOf(await client.info());
  const values: Numbers = { latencyMs, ...numbersOf(info, memory) };
  const role = info.get('role') ?? 'unknown';
  const replicas = replicasOf(info).map(({ name, state, lagS }) => `${name}: ${state}, heard ${lagS} s ago`);
  const facts = {
    version: info.get('redis_version') ?? '',
    role,
    policy: info.get('maxmemory_policy') ?? '',
    keys: [...keysOf(info)].map(([name, keys]) => `${name}: ${keys}`).join(', '),
    ...(replicas.length === 0 ? {} : { replicas: masked(replicas.join('; '), [], 400) }),
  };
  if (own.role !== undefined && role !== own.role)
    return down({ reason: 'wrong-role', sentence: `Is a ${role}, expected a ${own.role}.` }, { values, facts });
  if (role === 'slave' && info.get('master_link_status') === 'down')
    return down(
      { reason: 'replication-broken', sentence: 'Has lost the connection to its master.' },
      { values, facts },
    );
  const unused = values['otherClients'] === 0 ? '; nobody else is connected: the service may run on its fallback' : '';
  const share = 'memoryPercent' in values ? `, ${formatNumber(values['memoryPercent'] ?? 0)} % of its memory` : '';
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `PONG in ${Math.max(1, Math.round(latencyMs))} ms, ${formatCount(values['keys'] ?? 0, 'key')}${share}${unused}.`,
    values,
    facts,
  };
};

/** What an error of the driver says about the server. Its own refusals come as words at the head of the message. */
const failureOf = (error: unknown): Failure => {
  const message = error instanceof Error ? error.message : '';
  if (/^(NOAUTH|WRONGPASS|ERR (AUTH|invalid password))/.test(message))
    throw new ProbeUnknown('wrong-password', 'Redis refuses the user or the password; set the secret anew.');
  if (message.startsWith('NOPERM'))
    throw new ProbeUnknown('no-right', 'This user may not run PING and INFO; allow both.');
  if (message.startsWith('LOADING'))
    return { reason: 'loading', sentence: 'Is loading its data and answers nothing yet.' };
  if (message.startsWith('MASTERDOWN'))
    return { reason: 'replication-broken', sentence: 'Has lost the connection to its master.' };
  if (message.startsWith('ERR max number of clients'))
    return { reason: 'too-many-connections', sentence: 'Refuses connections: all of them are in use.' };
  if (/^Protocol error|Unknown RESP|Please report this/.test(message))
    return { reason: 'malformed', sentence: 'Answers with something that is not Redis.' };
  if (/Connection is closed|Stream isn't writeable|max retries per request/i.test(message))
    return { reason: 'reset', sentence: 'Closed the connection in the middle.' };
  return networkFailure(error, 'The server');
};

const connectTo = ({ url, ca }: Params, deadlineMs: number, onError: (error: Error) => void): Redis => {
  if (!/^rediss?:\/\//.test(url))
    throw new ProbeUnknown('bad-address', 'The address is not one that begins with redis:// or rediss://.');
  const client = new Redis(url, {
    lazyConnect: true,
    connectTimeout: deadlineMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
    enableOfflineQueue: false,
    enableReadyCheck: false,
    connectionName: 'war-room',
    ...(ca === undefined ? {} : { tls: { ca } }),
  });
  // Says why the connection failed; the command that waits only learns that it is closed.
  client.on('error', onError);
  return client;
};

export const redisProbe = defineProbe({
  kind: 'redis',
  summary:
    'Redis through its own protocol: PING, hit rate, memory, keys of all databases, evictions, clients and replication',
  params,
  series: () => [
    { name: 'latencyMs', unit: 'ms', label: 'Time of PING' },
    { name: 'hitRatePercent', unit: '%', label: 'Reads that found their key since the last attempt' },
    { name: 'reads', unit: '', label: 'Reads (a counter)' },
    { name: 'hits', unit: '', label: 'Reads that found their key (a counter)' },
    { name: 'misses', unit: '', label: 'Reads that did not (a counter)' },
    { name: 'memoryMb', unit: 'MB', label: 'Memory in use' },
    { name: 'memoryPercent', unit: '%', label: 'Memory in use of what it may use' },
    { name: 'keys', unit: '', label: 'Keys in all databases' },
    { name: 'evicted', unit: '', label: 'Keys evicted for want of memory (a counter)' },
    { name: 'clients', unit: '', label: 'Clients connected' },
    {
      name: 'otherClients',
      unit: '',
      label: 'Clients connected besides this probe; none: the service runs on its fallback',
    },
    { name: 'blockedClients', unit: '', label: 'Clients that wait' },
    { name: 'rejectedConnections', unit: '', label: 'Connections refused (a counter)' },
    { name: 'commandsPerSecond', unit: '/s', label: 'Commands' },
    { name: 'replicas', unit: '', label: 'Replicas connected' },
    { name: 'replicaLagS', unit: 's', label: 'Since the slowest replica was last heard' },
    { name: 'replicaSilenceS', unit: 's', label: 'Since the master was last heard' },
  ],
  open: (own) => {
    let client: Redis | null = null;
    const flood = createFlood();
    const drop = (): void => {
      client?.disconnect();
      client = null;
    };
    const asked = async (context: ProbeContext): Promise<Answer> => {
      let trouble: Error | null = null;
      const kept = client;
      const mine = kept ?? connectTo(own, context.deadlineMs, (error) => (trouble ??= error));
      if (kept === null) mine.on('connect', () => flood.watch(mine.stream));
      client = mine;
      flood.begin();
      try {
        if (kept === null) await mine.connect();
        return await look(mine, own, context.memory);
      } catch (error) {
        mine.disconnect();
        // After a deadline, the next attempt may have a connection of its own already.
        if (client === mine) client = null;
        if (error instanceof ProbeUnknown) throw error;
        if (flood.is()) return down(flooded);
        // A kept connection may have died long before: a fresh one decides.
        if (kept !== null && !context.signal.aborted) return asked(context);
        return down(failureOf(trouble ?? error));
      }
    };
    const tooLate = (deadlineMs: number): Failure =>
      late(client?.status === 'connecting' ? 'connect' : 'wait', deadlineMs);
    return {
      run: (context) =>
        untilAbort<Answer>(context.signal, asked(context), () => down(tooLate(context.deadlineMs)), drop),
      close: drop,
    };
  },
});
