import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, watch } from '../calls.ts';

/** What windows ask of single probes; a part of the contract. */

/** The words of a probe's newest answer by name, masked: versions, excerpts, what it cannot tell. */
export type Found = { readonly at: number; readonly facts: Readonly<Record<string, string>> };

const probe = z.string().max(200);

export const probesContract = {
  checkNow: operate.input(z.object({ runId, probe: probe.nullable() })).output(type<void>()),
  /** Ends an attempt that is under way, with all it had started; it counts as not known. */
  stop: operate.input(z.object({ runId, probe })).output(type<void>()),
  /** The number or the choice that a person gives a probe which takes such. */
  type: operate
    .input(z.object({ runId, probe, value: z.string().trim().min(1, 'type something').max(200) }))
    .output(type<void>()),
  /** Null before its first answer. */
  found: watch.input(z.object({ runId, probe })).output(type<Found | null>()),
};
