import { parentPort, workerData } from 'node:worker_threads';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import type { ParseAnswer } from './open.ts';

/** The thread of `parseWithin`: started with a text, it says that it is ready, answers once and ends. */
const answer = (message: ParseAnswer): void => parentPort?.postMessage(message, []);

if (typeof workerData === 'string') {
  answer('ready');
  answer(parseRunbook(workerData));
}
