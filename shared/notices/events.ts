import { z } from 'zod';
import { occasions } from './model.ts';

/** What became of notices, as facts in the past tense. What they said stands in the outbox; the log keeps that they went, and where. */

const words = z.string().max(20_000);
const key = z.string().min(1).max(400);
const notice = { notice: key, channel: words, kind: words, occasion: z.enum(occasions), title: words };

export const noticeBodies = {
  /** `text` is what is about to leave, word for word. By a person who clicked, or by the app where the target's rule says so. */
  'notice-released': z.strictObject({ ...notice, text: words }),
  /** `count`: how many notices this one message told of. */
  'notice-sent': z.strictObject({
    ...notice,
    receipt: words.nullable(),
    attempts: z.number().int().min(1),
    latenessMs: z.number().int().min(0),
    count: z.number().int().min(1),
  }),
  /** Refused for good by the other end. */
  'notice-failed': z.strictObject({ ...notice, sentence: words, attempts: z.number().int().min(0) }),
  /** Nothing went out. */
  'notice-not-sent': z.strictObject({ ...notice, sentence: words, attempts: z.number().int().min(0) }),
  /** It may have gone out, and nobody can tell from here. */
  'notice-uncertain': z.strictObject({ ...notice, sentence: words, attempts: z.number().int().min(0) }),
  'notice-discarded': z.strictObject({ ...notice }),
  'notice-edited': z.strictObject({ ...notice, text: words }),
} as const;
