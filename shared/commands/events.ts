import { z } from 'zod';
import type { ItemId } from '../runbook/model.ts';

/** What happens to a command of the document, as facts in the past tense. */

const words = z.string().max(20_000);
const execution = z.string().min(1).max(40);
const item = z
  .string()
  .max(400)
  .transform((id) => id as ItemId)
  .nullable();

/** What a probe that runs once, or when asked, came to; lost: War Room went away before the answer, and nobody can tell. */
const answers = ['up', 'down', 'unknown', 'internal', 'absent', 'lost'] as const;

export const commandOutcomes = ['done', 'failed', 'late', 'cancelled', 'not-started', 'lost'] as const;

export const commandBodies = {
  /** The intent: on disk before the program starts. Secrets are masked in the arguments. */
  'command-started': z.strictObject({
    execution,
    command: z.string().max(80),
    item,
    label: words,
    argv: z.array(z.string().max(100_000)).min(1),
    directory: words,
    timeoutMs: z.number().int().min(1),
    effect: z.enum(['reads', 'changes']),
    /** SHA-256 of the text of a script; null for a program with its arguments. */
    script: z.string().length(64).nullable(),
  }),
  'command-ended': z.strictObject({
    execution,
    item,
    label: words,
    outcome: z.enum(commandOutcomes),
    exitCode: z.number().int().nullable(),
    sentence: words,
    tookMs: z.number().int().min(0),
    outputBytes: z.number().int().min(0),
    /** SHA-256 of all that it said, also of what was too much to keep; null where it said nothing that we saw. */
    sha256: z.string().length(64).nullable(),
    /** The kept text's own SHA-256: masked, and without its middle where it was long. */
    kept: z.string().length(64).nullable(),
  }),
  /** The intent: a person asks a probe that costs or changes something; on disk before its request or its program starts. */
  'probe-asked': z.strictObject({ probe: z.string().max(200), label: words }),
  /** What came of it, or of one that was due by itself. */
  'probe-answered': z.strictObject({
    probe: z.string().max(200),
    label: words,
    verdict: z.enum(answers),
    sentence: words,
    tookMs: z.number().int().min(0).nullable(),
  }),
  /** A program that a probe ran once, or when asked, has ended: what it said is evidence. */
  'probe-output-kept': z.strictObject({
    probe: z.string().max(200),
    label: words,
    sentence: words,
    /** SHA-256 of all that it said, and that of the end of it, masked, which is kept. */
    sha256: z.string().length(64),
    kept: z.string().length(64),
  }),
} as const;
