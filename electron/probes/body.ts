import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import { createBrotliDecompress, createUnzip } from 'node:zlib';
import type { Failure } from './failure.ts';

/** The most that is read of an answer, before and after unpacking. */
const mostBytes = 1_048_576;

const unpackers: Readonly<Record<string, () => NodeJS.ReadWriteStream & { destroy: () => void }>> = {
  gzip: createUnzip,
  'x-gzip': createUnzip,
  deflate: createUnzip,
  br: createBrotliDecompress,
};

/** The whole body, unpacked; a failure where it is larger than 1 MiB or packed wrongly. Rejects when the connection breaks. */
export const readBody = (response: IncomingMessage): Promise<{ readonly bytes: Buffer } | Failure> =>
  new Promise((resolve, reject) => {
    const encoding = (response.headers['content-encoding'] ?? '').trim().toLowerCase();
    const unpacker = unpackers[encoding]?.();
    const chunks: Buffer[] = [];
    let size = 0;
    let raw = 0;
    const stop = (failure: Failure): void => {
      resolve(failure);
      response.destroy();
      unpacker?.destroy();
    };
    const source = unpacker ?? response;
    source.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) return void chunks.push(chunk);
      stop(
        unpacker === undefined
          ? { reason: 'body-too-large', sentence: 'The answer is larger than 1 MiB.' }
          : { reason: 'body-inflates', sentence: 'The answer unpacks to more than 1 MiB.' },
      );
    });
    source.on('end', () =>
      resolve({ bytes: chunks.length === 1 && chunks[0] !== undefined ? chunks[0] : Buffer.concat(chunks) }),
    );
    response.on('error', reject);
    if (unpacker === undefined) return;
    unpacker.on('error', () =>
      stop({
        reason: 'body-unreadable',
        sentence: `The answer says it is packed as ${encoding}, and cannot be unpacked.`,
      }),
    );
    response.on('data', (chunk: Buffer) => {
      raw += chunk.length;
      if (raw > mostBytes) stop({ reason: 'body-too-large', sentence: 'The answer is larger than 1 MiB.' });
    });
    response.pipe(unpacker);
  });
