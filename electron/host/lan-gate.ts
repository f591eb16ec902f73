import type { Server } from 'node:http';
import { BlockList, isIPv6 } from 'node:net';
import type { Socket } from 'node:net';
import { whoseOf } from './lan-address.ts';

/**
 * What those who are not let in yet may hold open and how often they may knock, so that they cost the desk nothing: few
 * of one address, and few of all. Screens that are in have places of their own.
 */
const most = {
  connections: 256,
  strangers: 200,
  ofOneAddress: 24,
  knocksASecond: 100,
  strangersASecond: 300,
  blocked: 1_024,
} as const;
const blockedMs = 10_000;
/** What waits to be accepted is accepted in one go: a short queue keeps that go short. */
export const backlog = 64;

type Gate = { readonly close: () => void };

/**
 * Stands before a server: connections beyond what their address may hold are gone before anything is made for them, a
 * TLS state least of all. An address that knocks too often is not even given a socket for a while.
 */
export const guardGate = (server: Server, isIn: (address: string) => boolean): Gate => {
  const held = new Map<string, number>();
  const blocked = new Map<string, number>();
  let knocks = new Map<string, number>();
  let strangers = { held: 0, knocks: 0 };

  // Not among the documented settings of an HTTP server, but of every net.Server below it; without it the checks in
  // `take` refuse the same, only dearer.
  const setList = (list: BlockList): unknown => Object.assign(server, { blockList: list });
  const block = (whose: string, list: BlockList): void =>
    whose.endsWith('::') ? list.addSubnet(whose, 64, 'ipv6') : list.addAddress(whose, isIPv6(whose) ? 'ipv6' : 'ipv4');
  let list = new BlockList();
  setList(list);

  const second = setInterval(() => {
    knocks = new Map();
    strangers = { ...strangers, knocks: 0 };
    const over = [...blocked].filter(([, until]) => until <= performance.now());
    if (over.length === 0) return;
    for (const [whose] of over) blocked.delete(whose);
    list = new BlockList();
    for (const whose of blocked.keys()) block(whose, list);
    setList(list);
  }, 1_000);

  const admits = (whose: string, stranger: boolean): boolean => {
    const count = (knocks.get(whose) ?? 0) + 1;
    knocks.set(whose, count);
    if (count > most.knocksASecond && blocked.size < most.blocked && !blocked.has(whose)) {
      blocked.set(whose, performance.now() + blockedMs);
      block(whose, list);
    }
    if (count > most.knocksASecond || (held.get(whose) ?? 0) >= most.ofOneAddress) return false;
    if (!stranger) return true;
    strangers.knocks += 1;
    return strangers.knocks <= most.strangersASecond && strangers.held < most.strangers;
  };
  const hold = (whose: string, stranger: boolean, socket: Socket): void => {
    held.set(whose, (held.get(whose) ?? 0) + 1);
    if (stranger) strangers.held += 1;
    socket.once('close', () => {
      const left = (held.get(whose) ?? 1) - 1;
      if (left === 0) held.delete(whose);
      else held.set(whose, left);
      if (stranger) strangers.held -= 1;
    });
  };

  server.maxConnections = most.connections;
  // In their place: what the server does for a connection begins only after it was let through.
  const own = server.listeners('connection') as ((socket: Socket) => void)[];
  server.removeAllListeners('connection');
  server.on('connection', (socket: Socket) => {
    const address = socket.remoteAddress ?? '';
    const whose = whoseOf(address);
    const stranger = !isIn(address);
    // Without the farewell of a closed connection, of which the system would keep a trace for a minute.
    if (!admits(whose, stranger)) return void socket.resetAndDestroy();
    hold(whose, stranger, socket);
    for (const listener of own) listener.call(server, socket);
    return undefined;
  });
  return { close: () => clearInterval(second) };
};
