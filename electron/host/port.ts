import { setImmediate as breathe } from 'node:timers/promises';
import { MessagePort } from 'node:worker_threads';
import type { EncodedMessage } from '@orpc/standard-server-peer';
import type { MessagePortMain } from 'electron';
import type { Caller } from '../caller.ts';
import { carry } from './carrier.ts';
import type { Served } from './carrier.ts';

/** Serves the room over one end of a MessagePort, Electron's or Node's, to one caller. What it returns ends that. */
export const servePort = (served: Served, port: MessagePort | MessagePortMain, caller: Caller): (() => void) => {
  const end = (): void => port.close();
  carry(served, caller, {
    send: (message) => {
      port.postMessage(message);
      // A port tells nothing of how far its other end is: one turn of the loop a message leaves room for the probes.
      return breathe();
    },
    onMessage: (listener) => {
      // Node hands over the value itself, Electron an event with `data`.
      if (port instanceof MessagePort) port.on('message', listener);
      else port.on('message', ({ data }: { readonly data: EncodedMessage }) => listener(data));
    },
    onClose: (listener) => {
      if (port instanceof MessagePort) port.on('close', listener);
      else port.on('close', listener);
    },
    end,
  });
  port.start();
  return end;
};
