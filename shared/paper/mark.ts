import { z } from 'zod';

/**
 * What was written by hand and typed in later: when it was written (UTC epoch ms) and by whom, as the paper says; null
 * where it does not. Who typed it is the entry's `by`.
 */
export const paperMark = z.strictObject({
  writtenAt: z.number().int().nullable(),
  writtenBy: z.string().max(200).nullable(),
});
export type PaperMark = z.output<typeof paperMark>;

const stamp = (at: number): string => `${new Date(at).toISOString().slice(0, 16).replace('T', ' ')} UTC`;

/** "from paper, written 2026-11-26 14:05 UTC by Ana, typed in by Ben": how a value came here. */
export const paperWords = ({ writtenAt, writtenBy }: PaperMark, typedBy: string): string => {
  const when = writtenAt === null ? '' : ` ${stamp(writtenAt)}`;
  const who = writtenBy === null || writtenBy === '' ? '' : ` by ${writtenBy}`;
  const written = when + who === '' ? '' : `, written${when}${who}`;
  return `from paper${written}, typed in by ${typedBy}`;
};
