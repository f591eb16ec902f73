import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';

/** The whole body of a request, or null where it is larger than that. */
export const bodyOf = async (request: IncomingMessage, mostBytes: number): Promise<Buffer | null> => {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length;
    if (size > mostBytes) return null;
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
};
