import type { ClientLink } from '@orpc/client';
import { RPCLink as PortLink } from '@orpc/client/message-port';
import { RPCLink as SocketLink } from '@orpc/client/websocket';

/** One connection to the app, whatever it is made of. */
export type Carrier = { readonly link: ClientLink<Record<never, never>>; readonly end: () => void };

/** What the desktop's preload posts to its own window along with a port. */
const portMessage = 'war-room-port';

/** Hears of every port that the preload hands over, and of nothing that others post. */
export const onHandedPort = (take: (port: MessagePort) => void): void =>
  addEventListener('message', (event: MessageEvent) => {
    const [port] = event.ports;
    if (event.source === window && event.data === portMessage && port !== undefined) take(port);
  });

export const portCarrier = (port: MessagePort, closed: () => void): Carrier => {
  const link = new PortLink({ port });
  port.addEventListener('close', closed);
  port.start();
  return { link, end: () => port.close() };
};

/** `closed` gets the code that the host closed with. */
export const socketCarrier = (path: string, opened: () => void, closed: (code: number) => void): Carrier => {
  const url = new URL(path, location.href);
  url.protocol = url.protocol.replace('http', 'ws');
  const websocket = new WebSocket(url);
  // The link hears of the end first: it must not try to send over a closed socket what the loss cancels.
  const link = new SocketLink({ websocket });
  websocket.addEventListener('open', opened);
  websocket.addEventListener('close', ({ code }) => closed(code));
  return { link, end: () => websocket.close() };
};
