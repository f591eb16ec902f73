import { once } from 'node:events';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { Client } from '../shared/contract.ts';
import type { ServedApp } from './fixtures.ts';

export type Desk = {
  readonly cookie: string;
  /** Everything that came over the connection so far. */
  readonly heard: () => string;
  readonly client: Client;
  readonly close: () => void;
};

/** Exchanges a printed address for its cookie, as a browser would. */
const cookieFor = async (app: ServedApp): Promise<string> => {
  const code = new URLSearchParams(new URL(app.url).hash.slice(1)).get('pair');
  const answer = await fetch(`${app.origin}/api/pair`, {
    method: 'POST',
    headers: { origin: app.origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  });
  return answer.headers.get('set-cookie')?.split(';')[0] ?? '';
};

/** A client at the desk without a browser; with a cookie it uses that, else the code of the printed address. */
export const openDesk = async (app: ServedApp, path = '/api/rpc', known?: string): Promise<Desk> => {
  const cookie = known ?? (await cookieFor(app));
  const socket = new WebSocket(`${app.origin.replace('http', 'ws')}${path}`, {
    headers: { cookie, origin: app.origin },
  });
  const heard: string[] = [];
  socket.on('message', (message: Buffer) => heard.push(message.toString('utf8')));
  await once(socket, 'open');
  return {
    cookie,
    heard: () => heard.join('\n'),
    client: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })),
    close: () => socket.close(),
  };
};
