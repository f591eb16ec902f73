import { Worker } from 'node:worker_threads';
import type { Verdict } from '../../shared/verdict/model.ts';
import { judgeTogether } from '../../shared/verdict/together.ts';
import type { Together } from '../../shared/verdict/together.ts';

/** Up to this many points are judged in place, within a few ms; starting a thread costs more than that. */
const mostInline = 5_000;

// Bundled, the thread's file lies beside the bundle; from source, beside this file.
const threadFile = new URL(
  import.meta.url.endsWith('.ts') ? './judge-thread.ts' : './judge-thread.js',
  import.meta.url,
);

const sizeOf = ({ baseline, current }: Together['inputs'][number]): number =>
  current.points.length + (baseline?.points.length ?? 0);

/** Judges many metrics without holding up the probes. */
export const judgeAll = (run: Together): Promise<readonly Verdict[]> => {
  if (run.inputs.reduce((sum, input) => sum + sizeOf(input), 0) <= mostInline)
    return Promise.resolve(judgeTogether(run));
  return new Promise((resolve, reject) => {
    const thread = new Worker(threadFile, { workerData: run });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', () => reject(new Error('the judging thread ended without an answer')));
  });
};
