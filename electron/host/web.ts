import { STATUS_CODES, createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Duplex } from 'node:stream';
import { WarRoomError } from '../../shared/errors.ts';
import type { Grant } from '../../shared/calls.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { guard, readPages } from './pages.ts';
import { openSessions } from './sessions.ts';
import type { Sessions } from './sessions.ts';
import { serveSockets } from './sockets.ts';

type Options = {
  readonly engine: Pick<Engine, 'router' | 'watching' | 'log'>;
  /** The built pages. */
  readonly pages: string;
  readonly dataDir: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** The name that a paired browser acts under until the person gives their own. */
  readonly operator: string;
  readonly clock?: Clock;
  readonly pingMs?: number;
};

export type WebHost = {
  readonly origin: string;
  readonly port: number;
  /** An address with a new pairing code in its fragment; the code works once. A watcher gets the wall. */
  readonly invite: (grant: Grant) => string;
  readonly close: () => Promise<void>;
};

/** What goes back, whoever writes it. */
type Answer = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Buffer | string;
};

const address = '127.0.0.1';
const codeBytes = 1_024;

/** Both must be exact and of one kind: a name that was rebound to this machine brings its own Host and Origin. */
const isOurs = (request: IncomingMessage, port: number): boolean => {
  const hosts = request.headersDistinct.host ?? [];
  const origins = request.headersDistinct.origin ?? [];
  const [host = ''] = hosts;
  if (hosts.length !== 1 || ![`${address}:${port}`, `localhost:${port}`].includes(host) || origins.length > 1)
    return false;
  // Browsers leave Origin out where a page is opened or an own file is fetched, never where something is changed.
  const [origin] = origins;
  const reads = (request.method === 'GET' || request.method === 'HEAD') && request.headers.upgrade === undefined;
  return origin === undefined ? reads : origin === `http://${host}`;
};

const refused: Answer = { status: 403, body: 'Forbidden\n' };
const notFound: Answer = { status: 404, body: 'Not found\n' };
const notPaired: Answer = { status: 401, body: 'Not paired\n' };
const notAllowed = (allow: string): Answer => ({ status: 405, headers: { allow }, body: 'Method not allowed\n' });

const headersOf = ({ headers = {}, body = '' }: Answer): Record<string, string> => ({
  ...guard,
  'content-type': 'text/plain; charset=utf-8',
  'cache-control': 'no-store',
  ...headers,
  'content-length': String(Buffer.byteLength(body)),
});

const reply = (request: IncomingMessage, response: ServerResponse, answer: Answer): void => {
  response.writeHead(answer.status, headersOf(answer));
  response.end(request.method === 'HEAD' ? undefined : answer.body);
};

/** The same on a socket that HTTP has already let go of. */
const replyRaw = (request: IncomingMessage, socket: Duplex, answer: Answer): void => {
  const lines = Object.entries({ ...headersOf(answer), connection: 'close' }).map(
    ([name, value]) => `${name}: ${value}`,
  );
  const body = request.method === 'HEAD' ? '' : (answer.body?.toString() ?? '');
  socket.on('error', () => socket.destroy());
  // Without this a client that never closes its half would hold a connection for ever.
  socket.once('finish', () => socket.destroy());
  socket.end(`HTTP/1.1 ${answer.status} ${STATUS_CODES[answer.status]}\r\n${lines.join('\r\n')}\r\n\r\n${body}`);
};

/** The whole body where it is small, else null. */
const smallBody = async (request: IncomingMessage): Promise<string | null> => {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request as AsyncIterable<Buffer>) {
    size += part.length;
    if (size > codeBytes) return null;
    parts.push(part);
  }
  return Buffer.concat(parts).toString('utf8');
};

const codeIn = (body: string | null): string => {
  try {
    const sent: unknown = JSON.parse(body ?? '');
    return typeof sent === 'object' && sent !== null && 'code' in sent && typeof sent.code === 'string'
      ? sent.code
      : '';
  } catch {
    return '';
  }
};

/** Exchanges a code for a cookie. A body that can't be read is a code like any other wrong one. */
const pair = async (request: IncomingMessage, sessions: Sessions, cookie: string): Promise<Answer> => {
  const paired = sessions.pair(codeIn(await smallBody(request)));
  if (paired === 'wrong') return notPaired;
  if (paired === 'locked') return { status: 429, headers: { 'retry-after': '60' }, body: 'Too many wrong codes\n' };
  const { token, maxAgeS } = paired;
  return {
    status: 204,
    headers: { 'set-cookie': `${cookie}=${token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${maxAgeS}` },
  };
};

const listen = (server: ReturnType<typeof createServer>, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        cause.code === 'EADDRINUSE' || cause.code === 'EACCES'
          ? new WarRoomError(
              'in-use',
              `Port ${port} of ${address} is taken. Name another with --port, or leave it out for a free one.`,
              { cause },
            )
          : cause,
      ),
    );
    server.listen({ port, host: address }, () => resolve((server.address() as AddressInfo).port));
  });

/**
 * Serves the room to browsers of this machine: built pages to anybody who asks by our own name, everything else to
 * those who hold a cookie that a pairing code was exchanged for. Foreign Host and Origin are refused before all else.
 */
export const serveWeb = async (options: Options): Promise<WebHost> => {
  const { engine, dataDir, clock = systemClock } = options;
  const pages = readPages(options.pages);
  const sessions = openSessions(dataDir, options.operator, clock, engine.log);
  const sockets = serveSockets(engine, clock.now, options.pingMs);
  // A wall's connection reaches one procedure that looks, whoever opened it.
  const walls = serveSockets({ router: engine.watching, log: engine.log }, clock.now, options.pingMs);
  let port = 0;

  const cookieName = (): string => `war-room-${port}`;
  const callerOf = (request: IncomingMessage): ReturnType<Sessions['callerOf']> => {
    const start = `${cookieName()}=`;
    const own = (request.headers.cookie ?? '').split('; ').find((cookie) => cookie.startsWith(start));
    return own === undefined ? null : sessions.callerOf(own.slice(start.length));
  };

  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = '', url: path = '' } = request;
    const page = pages.get(path.split('?', 1)[0] ?? '');
    if (page !== undefined)
      return ['GET', 'HEAD'].includes(method) ? { status: 200, ...page } : notAllowed('GET, HEAD');
    if (path === '/api/pair') return method === 'POST' ? pair(request, sessions, cookieName()) : notAllowed('POST');
    if (!['/api/rpc', '/api/watch', '/api/session'].includes(path)) return notFound;
    if (callerOf(request) === null) return notPaired;
    if (method !== 'GET') return notAllowed('GET');
    return path === '/api/session' ? { status: 204 } : { status: 426, headers: { upgrade: 'websocket' } };
  };

  const upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    if (!isOurs(request, port)) return replyRaw(request, socket, refused);
    if (request.url !== '/api/rpc' && request.url !== '/api/watch') return replyRaw(request, socket, notFound);
    const known = callerOf(request);
    if (known === null) return replyRaw(request, socket, notPaired);
    const watches = request.url === '/api/watch';
    const [into, caller] = watches ? [walls, { ...known, grant: 'watch' as const }] : [sockets, known];
    if (!into.room(caller)) return replyRaw(request, socket, { status: 503, body: 'Too many windows\n' });
    return into.accept(request, socket, head, caller);
  };

  const server = createServer(
    // A client gets this long for its head and its body; what is idle or half open goes.
    {
      headersTimeout: 4_000,
      requestTimeout: 5_000,
      keepAliveTimeout: 5_000,
      connectionsCheckingInterval: 1_000,
      maxHeaderSize: 8_192,
      requireHostHeader: false,
    },
    (request, response) => {
      const answered = isOurs(request, port) ? answer(request) : Promise.resolve(refused);
      answered
        .then((given) => reply(request, response, given))
        .catch((cause: unknown) => {
          // A browser that went away before it had asked is no fault of ours.
          if (request.complete) engine.log.error('internal fault while answering a browser', cause);
          response.destroy();
        });
    },
  );
  server.maxConnections = 2_000;
  server.on('upgrade', upgrade);
  server.on('connect', (request: IncomingMessage, socket: Duplex) =>
    replyRaw(request, socket, isOurs(request, port) ? notAllowed('GET') : refused),
  );
  port = await listen(server, options.port);

  const origin = `http://${address}:${port}`;
  return {
    origin,
    port,
    invite: (grant) => `${origin}${grant === 'watch' ? '/wall' : '/'}#pair=${sessions.mint(grant)}`,
    close: async () => {
      sockets.close();
      walls.close();
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
};
