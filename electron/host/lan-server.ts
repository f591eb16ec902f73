import { createServer as createPlain } from 'node:http';
import type { IncomingMessage } from 'node:http';
import { createServer as createTls } from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { isIPv6 } from 'node:net';
import { WarRoomError } from '../../shared/errors.ts';
import { endingCodes } from '../../shared/wall/endings.ts';
import { serverEnd } from '../server-end.ts';
import { clientTimes, codeIn, isFrom, notPaired, tooMany } from './answers.ts';
import type { Answer } from './answers.ts';
import type { Served } from './carrier.ts';
import { answering, takeUp } from './front-door.ts';
import type { House } from './front-door.ts';
import type { OwnCertificate } from './lan-certificate.ts';
import { backlog, guardGate } from './lan-gate.ts';
import type { LanViewers } from './lan-viewers.ts';
import type { Page } from './pages.ts';
import { serveSockets } from './sockets.ts';

export type LanServerOptions = {
  readonly served: Served;
  readonly pages: ReadonlyMap<string, Page>;
  readonly viewers: LanViewers;
  readonly now: () => number;
  readonly until: number;
  readonly address: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Null: not encrypted. */
  readonly certificate: OwnCertificate | null;
};

export type LanServer = {
  readonly origin: string;
  readonly port: number;
  readonly present: () => ReadonlySet<string>;
  readonly revoke: (viewer: string) => void;
  readonly close: () => Promise<void>;
};

const pingMs = 3_000;

const listen = (server: ReturnType<typeof createPlain>, address: string, port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    server.once('error', (cause: NodeJS.ErrnoException) =>
      reject(
        new WarRoomError('in-use', `Port ${port} of ${address} can't be had (${cause.code ?? 'unknown reason'}).`, {
          cause,
        }),
      ),
    );
    server.listen({ port, host: address, exclusive: true, backlog }, () =>
      resolve((server.address() as AddressInfo).port),
    );
  });

/**
 * The walls' page and their one stream, to screens of the network. Foreign Host and Origin are refused before all else;
 * nothing here can change a run, for what it serves has nothing that could.
 */
export const serveLan = async (options: LanServerOptions): Promise<LanServer> => {
  const { served, pages, viewers, certificate, address } = options;
  const sockets = serveSockets(served, options.now, pingMs);
  const scheme = certificate === null ? 'http' : 'https';
  const shown = isIPv6(address) ? `[${address}]` : address;
  let port = 0;

  const cookieName = (): string => `war-room-wall-${port}`;
  const pair = async (request: IncomingMessage): Promise<Answer> => {
    const paired = viewers.pair(await codeIn(request), request.socket.remoteAddress ?? 'unknown');
    if (paired === 'wrong') return notPaired;
    if (paired === 'full') return tooMany;
    if (paired === 'locked') return { status: 429, headers: { 'retry-after': '60' }, body: 'Too many wrong codes\n' };
    const lives = Math.max(1, Math.floor((options.until - options.now()) / 1_000));
    const secure = certificate === null ? '' : '; Secure';
    const cookie = `${cookieName()}=${paired.token}; HttpOnly; SameSite=Strict; Path=/; Max-Age=${lives}${secure}`;
    return { status: 204, headers: { 'set-cookie': cookie } };
  };

  const house: House = {
    ...{ pages, cookieName, pair, log: served.log, asking: 'a screen of the network', callerOf: viewers.callerOf },
    isOurs: (request) => isFrom(request, [`${shown}:${port}`], scheme),
    streams: new Map([['/api/watch', (caller) => [sockets, caller]]]),
  };
  const take = answering(house);
  const server =
    certificate === null
      ? createPlain(clientTimes, take)
      : createTls({ ...clientTimes, ...certificate, minVersion: 'TLSv1.2', handshakeTimeout: 4_000 }, take);
  const end = serverEnd(server);
  const gate = guardGate(server, viewers.isIn);
  takeUp(server, house);
  // What a stranger sends instead of a handshake is no fault of ours.
  server.on('tlsClientError', (_cause: unknown, socket: Socket) => socket.destroy());
  port = await listen(server, address, options.port);

  return {
    origin: `${scheme}://${shown}:${port}`,
    port,
    present: sockets.present,
    revoke: (viewer) => {
      viewers.revoke(viewer);
      sockets.end(viewer, endingCodes.revoked);
    },
    close: async () => {
      for (const viewer of sockets.present()) sockets.end(viewer, endingCodes.expired);
      gate.close();
      // Nobody else comes in.
      server.close();
      // A moment for the goodbye to leave.
      await new Promise((resolve) => setTimeout(resolve, 100));
      sockets.close();
      await end();
    },
  };
};
