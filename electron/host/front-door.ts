import type { IncomingMessage, RequestListener, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import type { Log } from '../log.ts';
import { cookieIn, notAllowed, notFound, notPaired, refused, reply, replyRaw, tooMany } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Page } from './pages.ts';
import type { Guest } from './sessions.ts';
import type { Sockets } from './sockets.ts';

/** What stands behind the front door of a host. Its port is known only once it listens, after this is made. */
export type House = {
  readonly pages: ReadonlyMap<string, Page>;
  /** Whether Host and Origin are our own. */
  readonly isOurs: (request: IncomingMessage) => boolean;
  readonly cookieName: () => string;
  /** Whose cookie this is. */
  readonly callerOf: (token: string) => Guest | null;
  /** Exchanges a code for a cookie. */
  readonly pair: (request: IncomingMessage) => Promise<Answer>;
  /** What stands open to a known caller, by its path, and as whom. */
  readonly streams: ReadonlyMap<string, (caller: Guest) => readonly [into: Sockets, as: Guest]>;
  readonly log: Log;
  /** Who asks, in words for the log. */
  readonly asking: string;
};

const callerIn = (house: House, request: IncomingMessage): Guest | null => {
  const token = cookieIn(request, house.cookieName());
  return token === null ? null : house.callerOf(token);
};

const answer = async (house: House, request: IncomingMessage): Promise<Answer> => {
  const { method = '', url: path = '' } = request;
  const page = house.pages.get(path.split('?', 1)[0] ?? '');
  if (page !== undefined) return ['GET', 'HEAD'].includes(method) ? { status: 200, ...page } : notAllowed('GET, HEAD');
  if (path === '/api/pair') return method === 'POST' ? house.pair(request) : notAllowed('POST');
  if (path !== '/api/session' && !house.streams.has(path)) return notFound;
  if (callerIn(house, request) === null) return notPaired;
  if (method !== 'GET') return notAllowed('GET');
  return path === '/api/session' ? { status: 204 } : { status: 426, headers: { upgrade: 'websocket' } };
};

const upgrade = (house: House, request: IncomingMessage, socket: Duplex, head: Buffer): void => {
  if (!house.isOurs(request)) return replyRaw(request, socket, refused);
  const stream = house.streams.get(request.url ?? '');
  if (stream === undefined) return replyRaw(request, socket, notFound);
  const caller = callerIn(house, request);
  if (caller === null) return replyRaw(request, socket, notPaired);
  const [into, as] = stream(caller);
  if (!into.room(as)) return replyRaw(request, socket, tooMany);
  return into.accept(request, socket, head, as);
};

/** Answers whoever asks a host: pages to anybody, all else with a cookie. Foreign Host and Origin are refused before that. */
export const answering =
  (house: House): RequestListener =>
  (request, response) => {
    const answered = house.isOurs(request) ? answer(house, request) : Promise.resolve(refused);
    answered
      .then((given) => reply(request, response, given))
      .catch((cause: unknown) => {
        // A browser that went away before it had asked is no fault of ours.
        if (request.complete) house.log.error(`internal fault while answering ${house.asking}`, cause);
        response.destroy();
      });
  };

/** Takes up the streams of a host; a tunnel is given to nobody. */
export const takeUp = (server: Server, house: House): void => {
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) =>
    upgrade(house, request, socket, head),
  );
  server.on('connect', (request: IncomingMessage, socket: Duplex) =>
    replyRaw(request, socket, house.isOurs(request) ? notAllowed('GET') : refused),
  );
};
