import type { Exit } from './child.ts';
import type { StepContext, StepEnd } from './step.ts';

const lastLine = (output: string): string => output.trimEnd().split('\n').at(-1)?.slice(0, 500) ?? '';

/**
 * What the end of a process means: an exit code speaks for itself; one that was cut off at its limit, or vanished, may
 * have done its work or not. `lookAt` says where a person sees which.
 */
export const endOf = async (
  exit: Exit,
  context: StepContext,
  lookAt: string,
  good: readonly number[] = [0],
): Promise<StepEnd> => {
  if (exit.how === 'ended') {
    const said = lastLine(await context.output());
    return good.includes(exit.code)
      ? { outcome: 'done', sentence: said, exitCode: exit.code }
      : {
          outcome: 'failed',
          sentence: `It ended with exit code ${exit.code}${said === '' ? '.' : `: ${said}`}`,
          exitCode: exit.code,
        };
  }
  if (exit.how === 'unbegun')
    return {
      outcome: 'failed',
      sentence: 'It was not started: the disk is full, and nothing runs without a note of it.',
    };
  const why =
    exit.how === 'stopped'
      ? `It was stopped with everything it started, after ${Math.round(context.limitMs / 1_000)} s at most.`
      : 'It is gone and left no exit code.';
  return { outcome: 'unknown', sentence: `${why} ${lookAt}` };
};
