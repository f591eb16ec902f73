import { parentPort } from 'node:worker_threads';
import { parseTarget } from '../../shared/target/parse.ts';
import { readRunbook } from './read.ts';
import type { Order, ReadAnswer, Reads } from './thread.ts';

type Readers = { readonly [K in keyof Reads]: (order: Reads[K]['order']) => Reads[K]['read'] };

const readers: Readers = {
  checklist: readRunbook,
  target: ({ text, faults }) => parseTarget(text, () => faults),
};

const read = <K extends keyof Reads>({ kind, order }: Order<K>): Reads[K]['read'] => readers[kind](order);

/** The thread of `readInThread`: says when it begins with a text and when it has read it, then answers, one after another. */
const answer = (message: ReadAnswer): void => parentPort?.postMessage(message, []);

parentPort?.on('message', (order: Order) => {
  answer('begun');
  try {
    const found = read(order);
    answer('read');
    answer(found);
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    answer('too-deep');
  }
});
