import { Worker } from 'node:worker_threads';
import { judgeMetric } from '../../shared/verdict/judge.ts';
import type { JudgeInput } from '../../shared/verdict/judge.ts';
import type { Verdict } from '../../shared/verdict/model.ts';

/** Up to this many points are judged in place, within a few ms; starting a thread costs more than that. */
const mostInline = 5_000;

// Bundled, the thread's file lies beside the bundle; from source, beside this file.
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './judge-thread.ts' : './judge-thread.js',
  import.meta.url,
);

const sizeOf = ({ baseline, current }: JudgeInput): number => current.points.length + (baseline?.points.length ?? 0);

/** Judges many metrics without holding up the probes. */
export const judgeAll = (inputs: readonly JudgeInput[]): Promise<readonly Verdict[]> => {
  if (inputs.reduce((sum, input) => sum + sizeOf(input), 0) <= mostInline)
    return Promise.resolve(inputs.map(judgeMetric));
  return new Promise((resolve, reject) => {
    const thread = new Worker(threadFile, { workerData: inputs });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the judging thread ended without an answer')));
  });
};
