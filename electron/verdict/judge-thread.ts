import { parentPort, workerData } from 'node:worker_threads';
import { judgeMetric } from '../../shared/verdict/judge.ts';
import type { JudgeInput } from '../../shared/verdict/judge.ts';

/** The thread of `judgeAll`: started with the inputs, answers their verdicts once and ends. */
parentPort?.postMessage((workerData as readonly JudgeInput[]).map(judgeMetric));
