import type { Buffer } from 'node:buffer';
import http from 'node:http';
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage, RequestOptions } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';
import type { Socket } from 'node:net';
import axios from 'axios';
import { readBody } from './body.ts';
import { late, networkFailure } from './failure.ts';
import type { Failure, Phase } from './failure.ts';

export type HttpRequest = {
  readonly url: URL;
  readonly method: string;
  readonly headers: Readonly<Record<string, string>>;
  /** Text as it is, or a value that is sent as JSON. */
  readonly body?: unknown;
  readonly auth?: { readonly username: string; readonly password: string } | undefined;
  /** PEM of the only authority to trust; the usual ones if left out. */
  readonly ca?: string | undefined;
  /** Whether a kept connection may carry it. */
  readonly reuse: boolean;
};

export type HttpAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Ms from the start. */
  readonly firstByteMs: number;
  /** Ms of each part; null on a kept connection, which has none. */
  readonly dnsMs: number | null;
  readonly connectMs: number | null;
  readonly tlsMs: number | null;
};

export type Exchanged = { readonly answer: HttpAnswer } | { readonly failure: Failure };

const agents = new Map<string, http.Agent>();

/** One pool for all probes, because a connection costs more than a request; a pool of its own for each private authority. */
const agentOf = ({ url, ca, reuse }: HttpRequest): http.Agent => {
  const secure = url.protocol === 'https:';
  const key = `${secure} ${reuse} ${secure ? (ca ?? '') : ''}`;
  const settings = { keepAlive: reuse, maxFreeSockets: 64 };
  // A resumed TLS session would not show its certificate again.
  const agent =
    agents.get(key) ??
    (secure
      ? new https.Agent({ ...settings, maxCachedSessions: 0, ...(ca === undefined ? {} : { ca }) })
      : new http.Agent(settings));
  agents.set(key, agent);
  return agent;
};

/** The host without the brackets of IPv6. */
const bare = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const userAgent = { 'user-agent': 'war-room' };

/** Sends the request, hands over the socket's side of it at once and resolves with the head of the answer. */
type Open = (
  request: HttpRequest,
  signal: AbortSignal,
  onSent: (sent: ClientRequest) => void,
) => Promise<IncomingMessage>;

/** A bare request, without what a client library costs: at a thousand checks it is more than half of the whole. */
const openPlain: Open = (request, _, onSent) =>
  new Promise((resolve, reject) => {
    const { url, method, headers } = request;
    const options: RequestOptions = {
      hostname: bare(url),
      port: url.port,
      path: url.pathname + url.search,
      method,
      headers: { ...userAgent, ...headers },
      agent: agentOf(request),
    };
    const sent = (url.protocol === 'https:' ? https : http).request(options, resolve);
    sent.on('error', reject);
    onSent(sent);
    sent.end();
  });

const openByAxios: Open = async (request, signal, onSent) => {
  const { url, method, headers, body, auth } = request;
  const transport = url.protocol === 'https:' ? https : http;
  const agent = agentOf(request);
  const answer = await axios.request<IncomingMessage>({
    url: url.href,
    method,
    headers: { ...userAgent, ...headers },
    ...(body === undefined ? {} : { data: body }),
    ...(auth === undefined ? {} : { auth }),
    signal,
    httpAgent: agent,
    httpsAgent: agent,
    transport: {
      ...transport,
      request: (options: RequestOptions, onAnswer: (answer: IncomingMessage) => void) => {
        const sent = transport.request(options, onAnswer);
        onSent(sent);
        return sent;
      },
    },
    // Redirects, packing, sizes and statuses are ours to judge.
    maxRedirects: 0,
    decompress: false,
    responseType: 'stream',
    validateStatus: null,
    proxy: false,
  });
  return answer.data;
};

/** Where the attempt stands and when it got there; filled by the socket's own events. */
const trace = (request: ClientRequest, secure: boolean, named: boolean) => {
  const begun = performance.now();
  const times = { dns: null as number | null, connect: null as number | null, tls: null as number | null };
  let phase: Phase = named ? 'lookup' : 'connect';
  let socket: Socket | null = null;
  let readBefore = 0;
  const since = (): number => performance.now() - begun;
  const ready = (): void => {
    phase = 'wait';
    readBefore = socket?.bytesRead ?? 0;
  };
  request.once('socket', (given) => {
    socket = given;
    if (!given.connecting) return ready();
    given.once('lookup', () => {
      times.dns = since();
      phase = 'connect';
    });
    given.once('connect', () => {
      times.connect = since();
      phase = secure ? 'tls' : 'wait';
      readBefore = given.bytesRead;
    });
    if (secure)
      given.once('secureConnect', () => {
        times.tls = since();
        ready();
      });
  });
  return {
    times,
    since,
    body: () => void (phase = 'body'),
    phase: (): Phase => (phase === 'wait' && (socket?.bytesRead ?? 0) > readBefore ? 'headers' : phase),
  };
};

const after = (at: number | null, before: number | null): number | null => (at === null ? null : at - (before ?? 0));

const isPlain = ({ method, body, auth }: HttpRequest): boolean =>
  body === undefined && auth === undefined && (method === 'GET' || method === 'HEAD');

/**
 * One request and its whole answer, within `signal` and 1 MiB, without following redirects. Resolves with a failure
 * where the target is at fault; rejects with ProbeUnknown where this machine is.
 */
export const exchange = (request: HttpRequest, signal: AbortSignal, deadlineMs: number): Promise<Exchanged> =>
  new Promise((resolve, reject) => {
    const who = request.url.host;
    let sent: ClientRequest | null = null;
    let traced: ReturnType<typeof trace> | null = null;
    let over = false;
    const phase = (): Phase => traced?.phase() ?? 'lookup';

    const end = (outcome: Exchanged): void => {
      over = true;
      signal.removeEventListener('abort', onAbort);
      resolve(outcome);
      // An answer that was read to its end leaves its connection in the pool.
      if (!('answer' in outcome)) sent?.destroy();
    };
    const onAbort = (): void => end({ failure: late(phase(), deadlineMs) });
    const fail = (error: unknown): void => {
      if (over) return;
      over = true;
      // The server may close a kept connection just as it is used again; that is nobody's fault, so it is asked once more.
      if (sent?.reusedSocket === true && phase() === 'wait' && isPlain(request) && request.reuse && !signal.aborted) {
        signal.removeEventListener('abort', onAbort);
        return void exchange({ ...request, reuse: false }, signal, deadlineMs).then(resolve, reject);
      }
      try {
        const failure = networkFailure(error, who);
        end({
          failure:
            failure.reason === 'reset' && phase() === 'body'
              ? { reason: 'body-cut', sentence: `${who} broke off in the middle of its answer.` }
              : failure,
        });
      } catch (cause) {
        signal.removeEventListener('abort', onAbort);
        sent?.destroy();
        reject(cause);
      }
    };
    const onSent = (now: ClientRequest): void => {
      sent = now;
      traced = trace(now, request.url.protocol === 'https:', isIP(bare(request.url)) === 0);
      // What breaks after the head of the answer shows here and nowhere else.
      now.on('error', fail);
    };
    const finish = async (response: IncomingMessage): Promise<void> => {
      traced?.body();
      const firstByteMs = traced?.since() ?? 0;
      const body = await readBody(response);
      if ('reason' in body) return end({ failure: body });
      const { dns = null, connect = null, tls = null } = traced?.times ?? {};
      const parts = { dnsMs: dns, connectMs: after(connect, dns), tlsMs: after(tls, connect) };
      end({
        answer: {
          status: response.statusCode ?? 0,
          headers: response.headers,
          body: body.bytes,
          firstByteMs,
          ...parts,
        },
      });
    };

    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
    (isPlain(request) ? openPlain : openByAxios)(request, signal, onSent).then(finish).catch(fail);
  });
