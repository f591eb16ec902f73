import type { MessagePort } from 'node:worker_threads';
import { RPCHandler } from '@orpc/server/message-port';
import type { MessagePortMain } from 'electron';
import type { Caller } from '../caller.ts';
import type { Engine } from '../engine.ts';

/** Serves the room over one end of a MessagePort, Electron's or Node's, to one caller. What it returns ends that. */
export const servePort = (
  { router, log }: Pick<Engine, 'router' | 'log'>,
  port: MessagePort | MessagePortMain,
  caller: Caller,
): (() => void) => {
  const carried = 'unref' in port ? nodePort(port) : port;
  new RPCHandler(router).upgrade(carried, { context: { caller, log } });
  port.start();
  return () => port.close();
};

/** Node's port hands over the value itself where Electron's and the browser's hand over an event with `data`. */
const nodePort = (port: MessagePort) => ({
  on: (event: string, listener: (event?: { data: unknown }) => void): void => {
    port.on(event, (data: unknown) => listener({ data }));
  },
  postMessage: (message: unknown): void => port.postMessage(message),
});
