import { lookup } from 'node:dns/promises';
import { isIP } from 'node:net';
import { connect } from 'node:tls';
import type { DetailedPeerCertificate, TLSSocket } from 'node:tls';
import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { addressOf, addressWords } from './address.ts';
import type { Address } from './address.ts';
import { down, late, networkFailure } from './failure.ts';
import type { Failure, Phase } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe } from './probe.ts';
import type { Answer } from './probe.ts';
import { untilAbort } from './until.ts';

const params = z.strictObject({
  address: z.string().min(1).describe('host:port'),
  name: z.string().optional().describe('The name that the certificate must be for; the host if left out'),
  ca: z.string().optional().describe('PEM of a private authority'),
  days: z.number().min(0).default(0).describe('Down when any certificate of the chain has fewer days left'),
  oldest: z
    .enum(['TLSv1.2', 'TLSv1.3'])
    .default('TLSv1.2')
    .describe('The oldest version of the protocol that is right'),
  each: z.boolean().default(false).describe('Asks every address of the name, not only the first'),
});
type Params = z.output<typeof params>;

type Link = { readonly subject: string; readonly daysLeft: number; readonly endsAt: string };
type Shown = {
  readonly chain: readonly Link[];
  readonly protocol: string;
  readonly issuer: string;
  readonly fingerprint: string;
  readonly error: string | null;
  readonly handshakeMs: number;
};

const dayMs = 86_400_000;
const mostAddresses = 8;

/** The chain from the leaf to the root as the peer and the trust store give it; a root points at itself. */
const chainOf = (leaf: DetailedPeerCertificate, now: number): Link[] => {
  const chain: Link[] = [];
  const met = new Set<string>();
  for (
    let link: DetailedPeerCertificate | undefined = leaf;
    link?.fingerprint256 !== undefined && !met.has(link.fingerprint256) && chain.length < 10;
    link = link.issuerCertificate
  ) {
    met.add(link.fingerprint256);
    const ends = Date.parse(link.valid_to);
    const subject = masked([link.subject.CN ?? link.subject.O ?? 'unnamed'].flat().join(), [], 100);
    chain.push({ subject, daysLeft: (ends - now) / dayMs, endsAt: new Date(ends).toISOString() });
  }
  return chain;
};

const lookAt = (socket: TLSSocket, now: number, handshakeMs: number): Shown => {
  const leaf = socket.getPeerCertificate(true);
  // Typed as an Error, but it is the code of one.
  const error = socket.authorized ? null : String((socket.authorizationError as unknown) ?? 'unknown');
  return {
    chain: chainOf(leaf, now),
    protocol: socket.getProtocol() ?? 'unknown',
    issuer: masked([leaf.issuer?.CN ?? leaf.issuer?.O ?? 'unknown'].flat().join(), [], 100),
    fingerprint: leaf.fingerprint256 ?? '',
    error,
    handshakeMs,
  };
};

const shake = (
  { host, port }: Address,
  name: string,
  { ca }: Params,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Shown | Failure> =>
  new Promise((resolve, reject) => {
    const begun = performance.now();
    let phase: Phase = isIP(host) === 0 ? 'lookup' : 'connect';
    const socket = connect({
      host,
      port,
      ...(isIP(name) === 0 ? { servername: name } : {}),
      ...(ca === undefined ? {} : { ca }),
      // The chain is judged below, so that the days left of a bad one are still told.
      rejectUnauthorized: false,
    });
    const end = (result: Shown | Failure): void => {
      signal.removeEventListener('abort', onAbort);
      socket.destroy();
      resolve(result);
    };
    const onAbort = (): void => end(late(phase, deadlineMs));
    socket.once('lookup', () => (phase = 'connect'));
    socket.once('connect', () => (phase = 'tls'));
    socket.once('secureConnect', () => end(lookAt(socket, Date.now(), performance.now() - begun)));
    socket.on('error', (error) => {
      signal.removeEventListener('abort', onAbort);
      try {
        const failure = networkFailure(error, addressWords({ host, port }));
        end(
          failure.reason === 'reset' && phase === 'tls'
            ? {
                reason: 'tls-failed',
                sentence: `${addressWords({ host, port })} takes the connection but does not speak TLS.`,
              }
            : failure,
        );
      } catch (cause) {
        reject(cause);
      }
    });
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });

const days = (count: number): string => formatCount(Math.max(0, Math.floor(count)), 'day');
const shortest = (chain: readonly Link[]): Link | undefined =>
  chain.reduce<Link | undefined>(
    (least, link) => (least === undefined || link.daysLeft < least.daysLeft ? link : least),
    undefined,
  );

const failureOf = (
  { chain, error, protocol }: Shown,
  name: string,
  { days: wanted, oldest }: Params,
): Failure | null => {
  if (error !== null) {
    const ended = chain.find((link) => link.daysLeft < 0);
    if (error === 'CERT_HAS_EXPIRED' && ended !== undefined)
      return {
        reason: 'tls-expired',
        sentence: `The certificate of ${ended.subject} ended on ${ended.endsAt.slice(0, 10)}.`,
      };
    return networkFailure(Object.assign(new Error('untrusted'), { code: error }), name);
  }
  const least = shortest(chain);
  if (least !== undefined && least.daysLeft < wanted)
    return {
      reason: 'tls-ends-soon',
      sentence: `The certificate of ${least.subject} ends in ${days(least.daysLeft)}, on ${least.endsAt.slice(0, 10)}; at least ${days(wanted)} are wanted.`,
    };
  return oldest === 'TLSv1.3' && protocol !== 'TLSv1.3'
    ? { reason: 'tls-old-protocol', sentence: `Speaks ${protocol}; TLSv1.3 is wanted.` }
    : null;
};

const answerOf = (shown: Shown, name: string, params: Params, where: string): Answer => {
  const { chain, handshakeMs, protocol, issuer, fingerprint } = shown;
  const least = shortest(chain);
  const values = {
    latencyMs: handshakeMs,
    ...(least === undefined ? {} : { daysLeft: least.daysLeft, chainLength: chain.length }),
    ...(chain[0] === undefined ? {} : { leafDaysLeft: chain[0].daysLeft }),
  };
  const facts = {
    chain: chain.map((link) => `${link.subject}: ${days(link.daysLeft)}, until ${link.endsAt.slice(0, 10)}`).join('; '),
    protocol,
    issuer,
    fingerprint,
  };
  const failure = failureOf(shown, name, params);
  if (failure !== null) return down({ ...failure, sentence: `${failure.sentence}${where}` }, { values, facts });
  const sentence = `${formatCount(chain.length, 'certificate')} for ${name}, all valid; the first to end is ${least?.subject ?? 'unknown'} in ${days(least?.daysLeft ?? 0)}. ${protocol}.${where}`;
  return { verdict: 'up', reason: 'ok', sentence, values, facts };
};

/** The address that is worst off speaks for all of them. */
const worstOf = (answers: readonly Answer[]): Answer | undefined =>
  answers.find((answer) => answer.verdict === 'down') ??
  answers.toSorted((a, b) => (a.values?.['daysLeft'] ?? 0) - (b.values?.['daysLeft'] ?? 0))[0];

/** What each address shows, one a line. */
const eachOf = (hosts: readonly string[], answers: readonly Answer[]): string =>
  hosts
    .map((host, at) => {
      const { verdict, reason, values } = answers[at] ?? {};
      const left = values?.['daysLeft'];
      return `${host}: ${verdict === 'up' ? 'ok' : (reason ?? '')}${left === undefined ? '' : `, ${days(left)} left`}`;
    })
    .join('\n');

/** Every address of a name, in the order of this machine's resolver. */
const addressesOf = (host: string, signal: AbortSignal, deadlineMs: number): Promise<readonly string[] | Failure> =>
  isIP(host) !== 0
    ? Promise.resolve([host])
    : untilAbort<readonly string[] | Failure>(
        signal,
        lookup(host, { all: true }).then(
          (found) => found.slice(0, mostAddresses).map(({ address }) => address),
          (error: unknown) => networkFailure(error, host),
        ),
        () => late('lookup', deadlineMs),
        () => {},
      );

export const tlsProbe = defineProbe({
  kind: 'tls',
  summary:
    'A TLS handshake: the whole chain with the days left of each certificate, the name, the version of the protocol',
  params,
  series: () => [
    { name: 'daysLeft', unit: 'd', label: 'Days left of the first certificate to end' },
    { name: 'leafDaysLeft', unit: 'd', label: "Days left of the server's own certificate" },
    { name: 'chainLength', unit: '', label: 'Certificates in the chain' },
    { name: 'latencyMs', unit: 'ms', label: 'Time to the end of the handshake' },
  ],
  open: (own) => ({
    run: async ({ signal, deadlineMs }) => {
      const address = addressOf(own.address, 443);
      const name = own.name ?? address.host;
      const hosts = own.each ? await addressesOf(address.host, signal, deadlineMs) : [address.host];
      if ('reason' in hosts) return down(hosts);
      const answers = await Promise.all(
        hosts.map(async (host) => {
          const shown = await shake({ ...address, host }, name, own, signal, deadlineMs);
          const where = hosts.length > 1 ? ` At ${host}, one of ${hosts.length} addresses.` : '';
          return 'reason' in shown
            ? down({ ...shown, sentence: shown.sentence + where })
            : answerOf(shown, name, own, where);
        }),
      );
      const worst = worstOf(answers) ?? down({ reason: 'name-not-found', sentence: `${address.host} has no address.` });
      return hosts.length > 1 ? { ...worst, facts: { ...worst.facts, addresses: eachOf(hosts, answers) } } : worst;
    },
    close: () => {},
  }),
});
