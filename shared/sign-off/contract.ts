import { type } from '@orpc/contract';
import { z } from 'zod';
import { operate, reason, runId } from '../calls.ts';
import { signedHow } from './events.ts';

const line = z.string().min(1).max(600);

/** What windows ask for to sign; a part of the contract. */
export const signOffContract = {
  /** `verdict`: the digest of the newest one, as the window showed it, or null where none was given. */
  sign: operate
    .input(
      z.object({
        runId,
        line,
        name: z.string().trim().min(1, 'write your name').max(200),
        how: signedHow,
        verdict: z.string().length(64).nullable(),
      }),
    )
    .output(type<void>()),
  withdraw: operate.input(z.object({ runId, line, reason })).output(type<void>()),
};
