import { parentPort, workerData } from 'node:worker_threads';
import { judgeTogether } from '../../shared/verdict/together.ts';
import type { Together } from '../../shared/verdict/together.ts';

/** The thread of `judgeAll`: started with the metrics of a run, answers their verdicts once and ends. */
parentPort?.postMessage(judgeTogether(workerData as Together));
