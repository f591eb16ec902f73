import { EventEmitter } from 'node:events';

/** One end of a channel as Electron's main process has it: an emitter that keeps messages until `start`. */
export type Port = EventEmitter & {
  readonly postMessage: (message: unknown) => void;
  readonly start: () => void;
  readonly close: () => void;
};

const openPort = (send: (message: unknown) => void, ended: () => void) => {
  const emitter = new EventEmitter();
  let waiting: unknown[] | null = [];
  let closed = false;
  const deliver = (data: unknown): void =>
    void (closed || (waiting === null ? emitter.emit('message', { data, ports: [] }) : waiting.push(data)));
  const end = (): void => {
    if (closed) return;
    closed = true;
    emitter.emit('close');
  };
  const port: Port = Object.assign(emitter, {
    // As between processes: a copy, later.
    postMessage: (message: unknown) => void (closed || queueMicrotask(() => send(structuredClone(message)))),
    start: () => {
      const kept = waiting ?? [];
      waiting = null;
      kept.forEach(deliver);
    },
    close: () => {
      end();
      ended();
    },
  });
  return { port, deliver, end };
};

/** Electron's MessageChannelMain, for `new`. */
export function MessageChannelMain(): { readonly port1: Port; readonly port2: Port } {
  const one = openPort(
    (message) => two.deliver(message),
    () => two.end(),
  );
  const two = openPort(
    (message) => one.deliver(message),
    () => one.end(),
  );
  return { port1: one.port, port2: two.port };
}
