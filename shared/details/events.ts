import { z } from 'zod';

/** What a run is about, beside its release: the planned window, what is in it, and who stands for it. */
export const detailKeys = [
  'window-start',
  'window-minutes',
  'maintenance-window',
  'users-notified',
  'commits',
  'files-changed',
  'key-features',
  'deployed-by',
  'reviewed-by',
] as const;
export type DetailKey = (typeof detailKeys)[number];

export const detailSources = ['person', 'git'] as const;

export const detailBodies = {
  /** A later one corrects an earlier one, and says why. `window-start` is UTC, as "2027-03-02T22:00Z". */
  'detail-given': z.strictObject({
    key: z.enum(detailKeys),
    value: z.string().max(4_000),
    source: z.enum(detailSources),
    reason: z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000).nullable(),
  }),
} as const;
