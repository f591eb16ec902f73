import { z } from 'zod';

/** The escalation path as it is walked. Every moment is run time in ms and absolute, so that sleep and quit lose none. */

const words = z.string().max(20_000);
const escalation = z.string().min(1).max(40);
const step = z.number().int().min(0);
const moment = z.number();

export const escalationSources = ['person', 'alarm', 'incident'] as const;

export const escalationStepSchema = z.strictObject({
  /** The document's own words. */
  text: words,
  role: words.nullable(),
  dueAt: moment,
  /** The document sets no time for it: the one before it counts again. */
  assumed: z.boolean(),
});

export const escalationBodies = {
  'escalation-started': z.strictObject({
    escalation,
    subject: words,
    from: z.strictObject({ kind: z.enum(escalationSources), id: z.string().max(500).nullable() }),
    steps: z.array(escalationStepSchema).min(1),
  }),
  /** The step's turn has come: whoever it names is asked. `askAt` is when it asks again if nobody answers. */
  'escalation-stepped': z.strictObject({
    escalation,
    step,
    text: words,
    role: words.nullable(),
    people: z.array(words),
    dueAt: moment,
    latenessMs: z.number().min(0),
    by: z.enum(['time', 'person']),
    askAt: moment,
  }),
  'escalation-asked': z.strictObject({ escalation, step, latenessMs: z.number().min(0), askAt: moment }),
  /** Somebody is on it. It is not resolved by that: the path goes on, and asks again. */
  'escalation-acknowledged': z.strictObject({ escalation, step, askAt: moment }),
  /** The steps to come are put off. */
  'escalation-postponed': z.strictObject({
    escalation,
    byMs: z.number().positive(),
    reason: z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000),
  }),
  'escalation-resolved': z.strictObject({ escalation, sentence: words }),
} as const;
