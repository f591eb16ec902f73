import { parentPort, workerData } from 'node:worker_threads';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import type { ParseAnswer } from './open.ts';

/** The thread of `parseWithin`: started with a text, it says when it is ready and when it has read, answers and ends. */
const answer = (message: ParseAnswer): void => parentPort?.postMessage(message, []);

if (typeof workerData === 'string') {
  answer('ready');
  const runbook = parseRunbook(workerData);
  answer('read');
  answer(runbook);
}
