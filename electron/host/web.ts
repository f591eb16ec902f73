import { createServer } from 'node:http';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { WarRoomError } from '../../shared/errors.ts';
import type { Grant } from '../../shared/calls.ts';
import type { Clock } from '../clock.ts';
import { systemClock } from '../clock.ts';
import type { Engine } from '../engine.ts';
import { serverEnd } from '../server-end.ts';
import { clientTimes, codeIn, isFrom, notPaired } from './answers.ts';
import type { Answer } from './answers.ts';
import { answering, takeUp } from './front-door.ts';
import type { House } from './front-door.ts';
import { readPages } from './pages.ts';
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

const address = '127.0.0.1';

const isOurs = (request: IncomingMessage, port: number): boolean =>
  isFrom(request, [`${address}:${port}`, `localhost:${port}`], 'http');

/** Exchanges a code for a cookie. */
const pair = async (request: IncomingMessage, sessions: Sessions, cookie: string): Promise<Answer> => {
  const paired = sessions.pair(await codeIn(request));
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

  const house: House = {
    ...{ pages, log: engine.log, asking: 'a browser', callerOf: sessions.callerOf },
    isOurs: (request) => isOurs(request, port),
    cookieName: () => `war-room-${port}`,
    pair: (request) => pair(request, sessions, house.cookieName()),
    streams: new Map([
      ['/api/rpc', (caller) => [sockets, caller]],
      ['/api/watch', (caller) => [walls, { ...caller, grant: 'watch' }]],
    ]),
  };
  const server = createServer(clientTimes, answering(house));
  server.maxConnections = 2_000;
  takeUp(server, house);
  const end = serverEnd(server);
  port = await listen(server, options.port);

  const origin = `http://${address}:${port}`;
  return {
    origin,
    port,
    invite: (grant) => `${origin}${grant === 'watch' ? '/wall' : '/'}#pair=${sessions.mint(grant)}`,
    close: async () => {
      sockets.close();
      walls.close();
      await end();
    },
  };
};
