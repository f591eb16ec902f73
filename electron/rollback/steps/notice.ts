import { z } from 'zod';
import { defineStep } from '../step.ts';

/** Tells people. Who hears it, and the receipts, are the outbox's business; a step never waits for them. */
export const noticeStep = defineStep({
  kind: 'notice',
  summary: 'A notice to the team',
  params: z.strictObject({ to: z.string().max(200).default('team'), text: z.string().min(1).max(4_000) }),
  preview: ({ to, text }) => ({ words: `Tell ${to}: ${text}`, argv: null, effect: null, watching: false }),
  run: async ({ to, text }, context) => {
    context.notify(to, text);
    return { outcome: 'done', sentence: `Written down for ${to}.` };
  },
});
