import { isSettled, stateOf } from './checklist.ts';
import type { Checklist } from './checklist.ts';

export type Progress = {
  readonly items: number;
  readonly settled: number;
  readonly failing: number;
  readonly deferred: number;
  readonly overrides: number;
  readonly waived: number;
};

/** Counts over one phase, or over the whole document with `phase` null. */
export const progressOf = (checklist: Checklist, phase: string | null): Progress => {
  const progress = { items: 0, settled: 0, failing: 0, deferred: 0, overrides: 0, waived: 0 };
  for (const view of checklist.items) {
    if (phase !== null && view.phase !== phase) continue;
    const state = stateOf(checklist, view);
    progress.items += 1;
    if (isSettled(checklist, view)) progress.settled += 1;
    if (state === 'fail') progress.failing += 1;
    if (state === 'deferred') progress.deferred += 1;
    if (state === 'overridden') progress.overrides += 1;
    if (state === 'waived') progress.waived += 1;
  }
  return progress;
};
