import { Buffer } from 'node:buffer';
import http from 'node:http';
import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import https from 'node:https';
import { isIP } from 'node:net';

export type Request = {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
};

export type Reply = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  /** The body as JSON; null where it is none. */
  readonly json: Readonly<Record<string, unknown>> | null;
};

/**
 * What became of one request. `unsent`: no byte of it can have arrived. `cut`: it was on its way when the connection
 * broke or the time was up, so that the other end may have it. `never`: this address is not asked at all.
 */
export type Posted =
  | { readonly kind: 'reply'; readonly reply: Reply }
  | { readonly kind: 'unsent'; readonly sentence: string }
  | { readonly kind: 'cut'; readonly sentence: string }
  | { readonly kind: 'never'; readonly sentence: string };

export type Post = (request: Request) => Promise<Posted>;

const deadlineMs = 10_000;
const mostBytes = 64 * 1024;

const whys: Readonly<Record<string, string>> = {
  ECONNREFUSED: 'it refuses connections',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  ENOTFOUND: 'its name does not exist, or this machine is offline',
  EAI_AGAIN: 'names cannot be looked up: this machine may be offline',
  ENETUNREACH: 'this machine has no network',
  ENETDOWN: 'this machine has no network',
  EHOSTUNREACH: 'there is no route to it',
  ETIMEDOUT: 'it does not answer',
  CERT_HAS_EXPIRED: 'its certificate has expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is self-signed',
};

const whyOf = (error: unknown): string => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  return whys[code] ?? (code === '' ? 'the connection failed' : `the connection failed (${code})`);
};

const loopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));

const urlOf = (text: string): URL | null => {
  const url = URL.canParse(text) ? new URL(text) : null;
  return url?.protocol === 'http:' || url?.protocol === 'https:' ? url : null;
};

const bare = ({ hostname }: URL): string => hostname.replace(/^\[|\]$/g, '');

const parsed = (text: string): Reply['json'] => {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
  } catch {
    return null;
  }
};

const read = async (response: IncomingMessage): Promise<Reply> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of response) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > mostBytes) break;
    parts.push(part);
  }
  const text = Buffer.concat(parts).toString('utf8');
  return { status: response.statusCode ?? 0, headers: response.headers, text, json: parsed(text) };
};

/** Why this address is not asked; null where it may be. Clear text would show the secret to everybody on the way. */
const refusedAddress = (url: URL | null, practice: boolean): string | null => {
  if (url === null) return 'Its address is no http or https URL; look at the secret or the target.';
  const near = loopback(bare(url));
  if (practice && !near) return `A practice run tells nobody outside of this machine; "${url.host}" was not asked.`;
  return near || url.protocol === 'https:'
    ? null
    : `"${url.host}" is not asked without TLS: write its address with https.`;
};

/**
 * Sends requests with one deadline each, on a connection of their own: whether a request can have arrived is only known
 * of a connection that carries nothing else. A redirect is not followed: what was meant for one place is not told to
 * another. In practice only this machine is asked.
 */
export const poster =
  (options: { readonly practice: boolean; readonly ca?: string | undefined; readonly deadlineMs?: number }): Post =>
  (request) =>
    new Promise((resolve) => {
      const url = urlOf(request.url);
      const refused = refusedAddress(url, options.practice);
      if (url === null || refused !== null) return resolve({ kind: 'never', sentence: refused ?? '' });
      const secure = url.protocol === 'https:';
      const limit = options.deadlineMs ?? deadlineMs;
      let begun = false;
      let over = false;
      const end = (posted: Posted): void => {
        if (over) return;
        over = true;
        clearTimeout(timer);
        resolve(posted);
        sent.destroy();
      };
      const broken = (why: string): void =>
        end(
          begun
            ? { kind: 'cut', sentence: `${url.host} broke off before it answered: ${why}.` }
            : { kind: 'unsent', sentence: `${url.host} could not be reached: ${why}.` },
        );
      const sent = (secure ? https : http).request(
        {
          hostname: bare(url),
          port: url.port,
          path: url.pathname + url.search,
          method: request.method,
          headers: {
            'user-agent': 'war-room',
            'content-length': Buffer.byteLength(request.body),
            ...request.headers,
          },
          agent: false,
          ...(options.ca === undefined ? {} : { ca: options.ca }),
        },
        (response) => {
          read(response).then(
            (reply) => end({ kind: 'reply', reply }),
            (error: unknown) => broken(whyOf(error)),
          );
        },
      );
      const timer = setTimeout(() => broken(`no answer within ${limit / 1_000} s`), limit);
      sent.on('error', (error) => broken(whyOf(error)));
      // Only a connection that stands can carry anything.
      sent.on('socket', (socket) => {
        socket.once(secure ? 'secureConnect' : 'connect', () => {
          begun = true;
          sent.end(request.body);
        });
      });
    });
