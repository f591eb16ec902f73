import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, watch } from '../calls.ts';
import type { EventBody, RunId } from '../events.ts';
import type { Point } from './model.ts';

/** What windows ask for about baselines and verdicts; a part of the contract. */

/** Every metric as it is judged at this moment; written into the log only when the verdict is given. */
export type Judgement = EventBody<'verdict-given'>;

/** The points behind one metric's verdict: levels or durations in its unit, or parts of wholes for a rate. */
export type VerdictPoints = { readonly baseline: readonly Point[]; readonly current: readonly Point[] };

/** One deployment of this service as far as its log and its numbers tell. */
export type PastDeploy = {
  readonly runId: RunId;
  readonly release: string;
  readonly t0: number;
  /** Why it counts as failed, in words; null where it does not. */
  readonly failed: string | null;
  /** From the first sign to all being well again; null where nothing failed, or it is not well yet. */
  readonly restoreMs: number | null;
  /** By metric: the value at the same minute after T-0, in its unit. */
  readonly values: Readonly<Record<string, number | null>>;
};

/** Failed deployments of all of one service in one environment, and the median time to restore; null without any. */
export type FailureShare = { readonly failed: number; readonly of: number; readonly restoreMs: number | null };

/** The same for every service that was deployed here, by its name and then its environment, and what went wrong in each run. */
export type Failures = {
  readonly services: readonly (FailureShare & { readonly service: string; readonly environment: string })[];
  readonly runs: Readonly<Record<RunId, Pick<PastDeploy, 'failed' | 'restoreMs'>>>;
};

/** This deployment beside the ones before it. */
export type AcrossRuns = {
  /** Since T-0, ms; null before T-0: nothing to hold beside others yet. */
  readonly minuteMs: number | null;
  /** Newest first, at most ten. */
  readonly before: readonly PastDeploy[];
  readonly now: Readonly<Record<string, number | null>>;
  readonly failures: FailureShare;
};

/** `baseline` names one by its `seq`, null the newest; `week` asks for the same hour a week before it. */
const against = z.object({ runId, baseline: z.number().int().nullable(), week: z.boolean().default(false) });

const mostPicture = 8 * 1024 * 1024;

export const verdictContract = {
  /** How often and for how long deployments went wrong, over all runs of this desk. */
  failures: watch.output(type<Failures>()),
  /** Answers the `seq` of the baseline. */
  takeBaseline: operate.input(z.object({ runId, incident: z.boolean() })).output(type<{ readonly baseline: number }>()),
  /**
   * The picture of the room at a baseline that has none yet. With null the desktop takes it of the window, and answers false
   * where it can't; with a PNG (base64, 8 MiB at most) that is kept.
   */
  picture: operate
    .input(
      z.object({
        runId,
        baseline: z.number().int(),
        png: z
          .base64()
          .max(Math.ceil((mostPicture * 4) / 3))
          .nullable(),
      }),
    )
    .output(type<{ readonly kept: boolean }>()),
  /** The PNG of a baseline's picture, base64. */
  pictureOf: watch.input(z.object({ runId, sha256: z.string().length(64) })).output(type<{ readonly png: string }>()),
  look: watch.input(against).output(type<Judgement>()),
  give: operate.input(against).output(type<Judgement>()),
  points: watch.input(against.extend({ metric: z.string() })).output(type<VerdictPoints>()),
  across: watch.input(z.object({ runId })).output(type<AcrossRuns>()),
};
