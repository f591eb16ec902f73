import { z } from 'zod';
import { signOffStages } from './lines.ts';

const words = z.string().max(20_000);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);

/** A box that signatures are drawn in, in units of its path. */
export const drawnWidth = 600;
export const drawnHeight = 160;

/** Strokes of a pen as an SVG path of moves and lines, in whole units within the box; nothing else can stand in it. */
const path = z
  .string()
  .max(20_000, 'the signature has too many strokes: clear it and sign again')
  .regex(/^(?:M\d{1,3} \d{1,3}(?:L\d{1,3} \d{1,3})*)+$/u, 'the signature is no drawing')
  .refine(
    (drawn) =>
      [...drawn.matchAll(/[ML](\d+) (\d+)/gu)].every(([, x, y]) => Number(x) <= drawnWidth && Number(y) <= drawnHeight),
    'the signature leaves its box',
  );

/** How somebody signed: by their typed name alone, with a drawing beside it, or in ink on a printed sheet. */
export const signedHow = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('typed') }),
  z.strictObject({ kind: z.literal('drawn'), path }),
  z.strictObject({ kind: z.literal('ink') }),
]);

/** The facts of signing. Who signed is the entry's `by`; `name` is how they write themselves. */
export const signOffBodies = {
  'sign-off-signed': z.strictObject({
    line: z.string().min(1).max(600),
    stage: z.enum(signOffStages),
    role: words.min(1),
    name: words.min(1),
    how: signedHow,
    /** The verdict that this person saw, by its digest; null where none had been given. */
    verdict: z.string().length(64).nullable(),
  }),
  /** The person who signed takes it back; the line is open again, and both stay on record. */
  'sign-off-withdrawn': z.strictObject({ line: z.string().min(1).max(600), role: words, reason }),
} as const;
