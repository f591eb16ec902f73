import type { CaaRecord } from 'node:dns';
import { Resolver } from 'node:dns/promises';
import { isIP } from 'node:net';
import { z } from 'zod';
import { addressOf, addressWords } from './address.ts';
import type { Address } from './address.ts';
import { ttlOf } from './dns-ttl.ts';
import { down } from './failure.ts';
import type { Failure } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import { untilAbort } from './until.ts';

const types = ['A', 'AAAA', 'CNAME', 'MX', 'TXT', 'NS', 'CAA', 'SRV'] as const;

const params = z.strictObject({
  name: z.string().min(1).max(253),
  type: z.enum(types).default('A'),
  resolver: z
    .union([z.string(), z.array(z.string()).min(1).max(8)])
    .optional()
    .describe("Name servers to ask, each as host or host:port; this machine's own if left out"),
  expect: z
    .array(z.string())
    .min(1)
    .optional()
    .describe('The exact set of answers, in any order; a CAA record as "issue ca.example", also of the name above'),
});
type Params = z.output<typeof params>;

/** `of` is whose records they are: the name, or one above it. */
type Found = { readonly records: readonly string[]; readonly ttlS: number | null; readonly of: string };

const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');

/** A name without CAA records of its own has those of the nearest name above it that has some (RFC 8659, section 3). */
const caaOf = async (
  resolver: Resolver,
  name: string,
): Promise<{ readonly of: string; readonly caa: readonly CaaRecord[] }> => {
  const labels = name.replace(/\.$/, '').split('.');
  let none: unknown = null;
  for (let from = 0; from < labels.length; from++) {
    const of = labels.slice(from).join('.');
    try {
      return { of, caa: await resolver.resolveCaa(of) };
    } catch (error) {
      none ??= error;
      // A server that knows this name's zone only refuses to speak of those above.
      if (from > 0 && codeOf(error) === 'EREFUSED') break;
      if (codeOf(error) !== 'ENODATA') throw error;
    }
  }
  throw none;
};

const lookups: Record<Params['type'], (resolver: Resolver, name: string) => Promise<Found>> = {
  A: async (resolver, name) => timed(name, await resolver.resolve4(name, { ttl: true })),
  AAAA: async (resolver, name) => timed(name, await resolver.resolve6(name, { ttl: true })),
  CNAME: async (resolver, name) => plain(name, await resolver.resolveCname(name)),
  NS: async (resolver, name) => plain(name, await resolver.resolveNs(name)),
  MX: async (resolver, name) =>
    plain(
      name,
      (await resolver.resolveMx(name)).map(({ priority, exchange }) => `${priority} ${exchange}`),
    ),
  TXT: async (resolver, name) =>
    plain(
      name,
      (await resolver.resolveTxt(name)).map((parts) => parts.join('')),
    ),
  SRV: async (resolver, name) =>
    plain(
      name,
      (await resolver.resolveSrv(name)).map((one) => `${one.priority} ${one.weight} ${one.port} ${one.name}`),
    ),
  CAA: async (resolver, name) => {
    const { of, caa } = await caaOf(resolver, name);
    const words = (record: CaaRecord): string[] =>
      Object.entries(record)
        .filter(([key]) => !['critical', 'type'].includes(key))
        .map(([key, value]) => `${key} ${String(value)}`);
    return plain(of, caa.flatMap(words));
  },
};

const plain = (of: string, records: readonly string[]): Found => ({ records, ttlS: null, of });
const timed = (of: string, records: readonly { readonly address: string; readonly ttl: number }[]): Found => ({
  records: records.map(({ address }) => address),
  ttlS: Math.min(...records.map(({ ttl }) => ttl)),
  of,
});

const codes: Readonly<Record<string, readonly [reason: string, what: string]>> = {
  ENOTFOUND: ['name-not-found', 'says that the name does not exist'],
  ENODATA: ['no-records', 'has no such record for the name'],
  ESERVFAIL: ['server-failed', 'failed to find out (SERVFAIL)'],
  EREFUSED: ['server-refused', 'refuses to answer for this name'],
  ETIMEOUT: ['dns-timeout', 'does not answer'],
  ECONNREFUSED: ['refused', 'does not answer'],
  EBADRESP: ['malformed', 'answers with something that is not DNS'],
  EFORMERR: ['malformed', 'does not understand the question'],
  ENOTIMP: ['server-refused', 'does not know this kind of question'],
};

/** The first of this machine's own name servers; an IPv6 address stands without brackets where the port is the usual one. */
const ownServer = (resolver: Resolver): Address | null => {
  const [first] = resolver.getServers();
  if (first === undefined) return null;
  return isIP(first) === 0 ? addressOf(first, 53) : { host: first, port: 53 };
};

const ask = async (
  own: Params,
  server: string | null,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Found | Failure> => {
  const resolver = new Resolver({ timeout: deadlineMs, tries: 1 });
  const address = server === null ? null : addressOf(server, 53);
  if (address !== null && isIP(address.host) === 0)
    throw new ProbeUnknown('bad-address', 'A name server is named by its IP address.');
  if (address !== null) resolver.setServers([addressWords(address)]);
  const who = address === null ? "This machine's name server" : addressWords(address);
  const failed = (code: string): Failure => {
    const [reason, what] = codes[code] ?? [];
    if (reason === undefined) throw new ProbeUnknown('dns-failed', `${who} could not be asked (${code}).`);
    // Without a server named, silence is this machine's trouble and says nothing about the name.
    if (address === null && ['ETIMEOUT', 'ECONNREFUSED'].includes(code))
      throw new ProbeUnknown('own-network', `${who} ${what}.`);
    return { reason, sentence: `${who} ${what}: ${own.name} ${own.type}.` };
  };
  const begun = performance.now();
  const look = async (): Promise<Found> => {
    const found = await lookups[own.type](resolver, own.name);
    // A server that has just answered answers again at once, or is not waited for: a time to live is no verdict.
    const mostMs = Math.min(1_000, deadlineMs - (performance.now() - begun) - 100);
    const at = address ?? ownServer(resolver);
    if (found.ttlS !== null || at === null || mostMs <= 0) return found;
    return { ...found, ttlS: await ttlOf(at, found.of, own.type, { signal, mostMs }) };
  };
  return untilAbort<Found | Failure>(
    signal,
    look().catch((error: unknown) => {
      if (codeOf(error) === '') throw error;
      return failed(codeOf(error));
    }),
    () => failed('ETIMEOUT'),
    () => resolver.cancel(),
  );
};

const normal = (record: string): string => record.toLowerCase().replace(/\.$/, '');
const setOf = (records: readonly string[]): string => [...new Set(records.map(normal))].sort().join(', ');

export const dnsProbe = defineProbe({
  kind: 'dns',
  summary: 'The records of a name, as each name server tells them: the exact set, and how long it may be kept',
  params,
  series: () => [
    { name: 'latencyMs', unit: 'ms', label: 'Time to the slowest answer' },
    { name: 'answers', unit: '', label: 'Records' },
    { name: 'ttlS', unit: 's', label: 'Shortest time to live' },
  ],
  open: (own) => ({
    run: async ({ signal, deadlineMs }) => {
      const begun = performance.now();
      const servers = own.resolver === undefined ? [null] : [own.resolver].flat();
      const found = await Promise.all(servers.map((server) => ask(own, server, signal, deadlineMs)));
      const sets: string[] = [];
      let ttlS = Infinity;
      for (const one of found) {
        if ('reason' in one) return down(one);
        sets.push(setOf(one.records));
        ttlS = Math.min(ttlS, one.ttlS ?? Infinity);
      }
      const [first = ''] = sets;
      const values = {
        latencyMs: performance.now() - begun,
        answers: first === '' ? 0 : first.split(', ').length,
        ...(Number.isFinite(ttlS) ? { ttlS } : {}),
      };
      const facts = { records: masked(first, [], 1_000) };
      const shown = (text: string): string => masked(text, [], 200);
      const at = sets.findIndex((set) => set !== first);
      if (at > 0)
        return down(
          {
            reason: 'answers-differ',
            sentence: `The name servers disagree: ${servers[0]} says ${shown(first)}, ${servers[at]} says ${shown(sets[at] ?? '')}.`,
          },
          { values, facts },
        );
      const wanted = own.expect === undefined ? first : setOf(own.expect);
      if (first !== wanted)
        return down(
          {
            reason: 'wrong-records',
            sentence: `${own.name} ${own.type} is ${shown(first)}, expected ${shown(wanted)}.`,
          },
          { values, facts },
        );
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `${own.name} ${own.type} is ${shown(first)}${servers.length > 1 ? `, at all ${servers.length} name servers` : ''}.`,
        values,
        facts,
      };
    },
    close: () => {},
  }),
});
