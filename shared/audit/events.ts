import { z } from 'zod';

const words = z.string().max(20_000);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);
const digest = z.string().regex(/^[\da-f]{64}$/u);

/**
 * The facts of keeping the history itself. Each commits the chain to entries whose words are not there any more, or not
 * in this copy: `digest` is SHA-256 over their sequence numbers and hashes.
 */
export const auditBodies = {
  /** All of a run that is over was removed, on purpose; what stays is that it was, and where. */
  'run-removed': z.strictObject({ title: words, entries: z.number().int().positive(), digest, reason }),
  /** The run went into a bundle; entries of other runs between its own lie in it as hashes alone. */
  'bundle-sealed': z.strictObject({ entries: z.number().int(), others: z.number().int(), digest }),
} as const;
