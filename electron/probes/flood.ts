import type { Duplex } from 'node:stream';
import type { Failure } from './failure.ts';

/** How much a database may say in one attempt: small questions have small answers, and drivers keep all that comes. */
const mostBytes = 4_194_304;

/** Counts what comes over a connection, and cuts it where that is too much. */
export type Flood = {
  readonly watch: (stream: Duplex) => void;
  /** A new attempt over the same connection. */
  readonly begin: () => void;
  /** Whether the connection was cut in this attempt. */
  readonly is: () => boolean;
};

export const flooded: Failure = {
  reason: 'answer-too-large',
  sentence: 'Sends more than 4 MiB where a small answer is asked for; look at what answers at this address.',
};

export const createFlood = (): Flood => {
  let bytes = 0;
  return {
    watch: (stream) =>
      void stream.on('data', (chunk: { readonly length: number }) => {
        bytes += chunk.length;
        if (bytes > mostBytes) stream.destroy();
      }),
    begin: () => (bytes = 0),
    is: () => bytes > mostBytes,
  };
};
