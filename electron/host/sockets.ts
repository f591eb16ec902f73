import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { EncodedMessage } from '@orpc/standard-server-peer';
import { WebSocketServer } from 'ws';
import type { WebSocket } from 'ws';
import { endingCodes } from '../../shared/wall/endings.ts';
import type { Caller } from '../caller.ts';
import { carry } from './carrier.ts';
import type { Served } from './carrier.ts';
import type { Guest } from './sessions.ts';

/** How much a client may hold up, and for how long. A checklist of 5 MiB comes in as one message. */
const limits = {
  sockets: 64,
  watching: 8,
  messageBytes: 16 * 1024 * 1024,
  unsentBytes: 8 * 1024 * 1024,
  pingMs: 10_000,
};

/** `alive`: has answered since the last ping. */
type Client = { readonly caller: Guest; alive: boolean };

export type Sockets = {
  /** Whether one more of this grant may come in. */
  readonly room: (caller: Caller) => boolean;
  readonly accept: (request: IncomingMessage, socket: Duplex, head: Buffer, caller: Guest) => void;
  /** Ends the connections of one caller: says why by a close code, and waits for no answer. */
  readonly end: (caller: string, code: number) => void;
  /** Who is connected now, by the caller's id. */
  readonly present: () => ReadonlySet<string>;
  readonly close: () => void;
};

/** How long a client has to answer that it heard of the end. */
const goodbyeMs = 500;

/**
 * The carrier of served windows. A message counts as sent once the system took it, so that a slow client is asked for
 * less instead of being stored for; one that neither reads nor answers pings is dropped, and so is one whose time is up.
 */
export const serveSockets = (served: Served, now: () => number, pingMs = limits.pingMs): Sockets => {
  const server = new WebSocketServer({ noServer: true, maxPayload: limits.messageBytes, perMessageDeflate: false });
  const clients = new Map<WebSocket, Client>();

  const send = (socket: WebSocket, message: EncodedMessage): Promise<void> => {
    if (socket.bufferedAmount > limits.unsentBytes) socket.terminate();
    // One turn of the loop a message: a stream that always has more, or that nobody takes any longer, must not starve
    // the probes. A send that fails is a socket that closed; its own event ends what was asked for over it.
    return new Promise((resolve) => socket.send(message, () => setImmediate(resolve)));
  };

  const dismiss = (socket: WebSocket, code: number): void => {
    socket.close(code);
    setTimeout(() => socket.terminate(), goodbyeMs).unref();
  };

  const sweep = setInterval(() => {
    for (const [socket, client] of clients) {
      if (!client.alive) {
        socket.terminate();
        continue;
      }
      if (client.caller.ends <= now()) {
        dismiss(socket, endingCodes.expired);
        continue;
      }
      client.alive = false;
      socket.ping();
    }
  }, pingMs);

  const welcome = (socket: WebSocket, caller: Guest): void => {
    const client = { caller, alive: true };
    clients.set(socket, client);
    socket.on('pong', () => (client.alive = true));
    socket.once('close', () => clients.delete(socket));
    socket.on('error', () => socket.terminate());
    carry(served, caller, {
      send: (message) => send(socket, message),
      onMessage: (listener) =>
        socket.on('message', (data: Buffer, isBinary) => listener(isBinary ? data : data.toString('utf8'))),
      onClose: (listener) => socket.once('close', listener),
      end: () => socket.terminate(),
    });
  };

  return {
    room: ({ grant }) => {
      const own = [...clients.values()].filter(({ caller }) => caller.grant === grant).length;
      return clients.size < limits.sockets && (grant !== 'watch' || own < limits.watching);
    },
    accept: (request, socket, head, caller) =>
      server.handleUpgrade(request, socket, head, (opened) => welcome(opened, caller)),
    end: (caller, code) => {
      for (const [socket, client] of clients) if (client.caller.id === caller) dismiss(socket, code);
    },
    present: () => new Set([...clients.values()].map(({ caller }) => caller.id)),
    close: () => {
      clearInterval(sweep);
      for (const socket of clients.keys()) socket.terminate();
      server.close();
    },
  };
};
