import { parentPort } from 'node:worker_threads';
import type { ReadAnswer } from './open.ts';
import { readRunbook } from './read.ts';
import type { ReadOrder } from './read.ts';

/** The thread of `parseWithin`: says when it begins with a text and when it has read it, then answers, one after another. */
const answer = (message: ReadAnswer): void => parentPort?.postMessage(message, []);

parentPort?.on('message', (order: ReadOrder) => {
  answer('begun');
  try {
    const read = readRunbook(order);
    answer('read');
    answer(read);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    answer('too-deep');
  }
});
