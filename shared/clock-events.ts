import { z } from 'zod';
import { healthStates } from './health.ts';
import { paperMark } from './paper/mark.ts';
import type { RoundId } from './schedule/rounds.ts';
import type { ItemId } from './runbook/model.ts';

/** What the run's clock brings about, and what people decide by it, as facts in the past tense. */

const words = z.string().max(20_000);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);
const itemId = z
  .string()
  .min(1)
  .max(400)
  .transform((id) => id as ItemId);
const round = z
  .string()
  .min(1)
  .max(500)
  .transform((id) => id as RoundId);
const reading = z.string().min(1).max(500);
const gate = z.string().min(1).max(400);
const phase = z.string().nullable();

export const decisions = ['go', 'keep', 'rollback', 'extend'] as const;
export type Decision = (typeof decisions)[number];

export const clockBodies = {
  /** A round as machines answered it. Times are in ms; `dueAt` is run time. `left` is what people are asked. */
  'round-captured': z.strictObject({
    round,
    title: words,
    dueAt: z.number(),
    latenessMs: z.number(),
    readings: z.array(
      z.strictObject({
        reading,
        value: words,
        state: z.enum(healthStates),
        sentence: words,
        sources: z.array(z.string()),
        sampleAt: z.number().nullable(),
      }),
    ),
    left: z.array(reading),
  }),
  'round-answered': z.strictObject({
    round,
    reading,
    value: words.min(1),
    fine: z.boolean(),
    paper: paperMark.optional(),
  }),
  /** Nobody looked: the machine slept, the app was closed, or T-0 was set to a moment that made it past already. */
  'round-missed': z.strictObject({
    round,
    title: words,
    dueAt: z.number(),
    latenessMs: z.number(),
    why: z.enum(['asleep', 'closed', 'before']),
  }),
  /** From here on the clock of this practice run goes this many times as fast. */
  'speed-set': z.strictObject({ speed: z.union([z.literal(1), z.literal(10), z.literal(60)]) }),
  /** A request that costs or changes something is about to be sent, once. */
  'once-asked': z.strictObject({ probe: words }),
  /** It would have been sent while the machine slept or the app was closed: it waits for a person. */
  'once-held': z.strictObject({ probe: words, latenessMs: z.number() }),
  'item-seconded': z.strictObject({ item: itemId }),
  'gate-voted': z.strictObject({ gate, title: words, role: words, go: z.boolean(), reason: reason.nullable() }),
  /** `phase` is the phase that this closes; null at a gate within one. `untilMs`: an extension, from now, in run time. */
  'gate-decided': z.strictObject({
    gate,
    title: words,
    phase,
    decision: z.enum(decisions),
    untilMs: z.number().positive().nullable(),
    reason: reason.nullable(),
    /** Digest of the verdict that stood beside the decision; left out where there was none. */
    verdict: z.string().length(64).optional(),
  }),
  'gate-bypass-asked': z.strictObject({ gate, title: words, reason }),
  /** The second of two people agreed. */
  'gate-bypassed': z.strictObject({ gate, title: words, phase, first: words, reason }),
  'handover-offered': z.strictObject({ to: words.min(1), note: words, open: z.number().int(), next: words }),
  'handover-accepted': z.strictObject({ from: words }),
} as const;
