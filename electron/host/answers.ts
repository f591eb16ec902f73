import { STATUS_CODES } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { bodyOf } from '../body.ts';
import { guard } from './pages.ts';

/** What goes back, whoever writes it. */
export type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

export const refused: Answer = { status: 403, body: 'Forbidden\n' };
export const notFound: Answer = { status: 404, body: 'Not found\n' };
export const notPaired: Answer = { status: 401, body: 'Not paired\n' };
export const tooMany: Answer = { status: 503, body: 'Too many windows\n' };
export const notAllowed = (allow: string): Answer => ({
  status: 405,
  headers: { allow },
  body: 'Method not allowed\n',
});

const codeBytes = 1_024;

/** A client gets this long for its head and its body; what is idle or half open goes. */
export const clientTimes = {
  headersTimeout: 4_000,
  requestTimeout: 5_000,
  keepAliveTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  maxHeaderSize: 8_192,
  requireHostHeader: false,
} as const;

/**
 * Whether host and origin are exactly ours, and of one kind: a name that was rebound to this machine brings its own Host
 * and Origin.
 */
export const isFrom = (request: IncomingMessage, hosts: readonly string[], scheme: 'http' | 'https'): boolean => {
  const given = request.headersDistinct.host ?? [];
  const origins = request.headersDistinct.origin ?? [];
  const [host = ''] = given;
  if (given.length !== 1 || !hosts.includes(host) || origins.length > 1) return false;
  // Browsers leave Origin out where a page is opened or an own file is fetched, never where something is changed.
  const [origin] = origins;
  const reads = (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined;
  return origin === undefined ? reads : origin === `${scheme}://${host}`;
};

const headersOf = ({ headers = {}, body = '' }: Answer): Record<string, string> => ({
  ...guard,
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  ...headers,
  'content-length': String(Buffer.byteLength(body)),
});

export const reply = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, headersOf(answer));
  response.end(request.method === 'HEAD' ? undefined : answer.body);
};

/** The same on a socket that HTTP has already let go of. */
export const replyRaw = (request: IncomingMessage, socket: Duplex, answer: Answer): void => {
  const lines = Object.entries({ ...headersOf(answer), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const body = request.method === 'HEAD' ? '' : (answer.body?.toString() ?? '');
  socket.on('error', () => socket.destroy());
  // Without this a client that never closes its half would hold a connection for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
};

/** The code in the body of a request; a body that can't be read is a code like any other wrong one. */
export const codeIn = async (request: IncomingMessage): Promise<string> => {
  const body = await bodyOf(request, codeBytes);
  try {
    const sent: unknown = JSON.parse(body?.toString('utf8') ?? '');
    return typeof sent === 'object' && sent !== null && 'code' in sent && typeof sent.code === 'string'
      ? sent.code
      : '';
  } catch {
    return '';
  }
};

/** The value of a cookie that a browser sent. */
export const cookieIn = (request: IncomingMessage, name: string): string | null => {
  const own = (request.headers.cookie ?? '').split('; ').find((cookie) => cookie.startsWith(`${name}=`));
  return own === undefined ? null : own.slice(name.length + 1);
};
