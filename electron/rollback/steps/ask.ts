import { z } from 'zod';
import { sameWords } from '../../../shared/target/bind.ts';
import { defineStep } from '../step.ts';

/** A person looks and confirms with a value. */
export const askStep = defineStep({
  kind: 'ask',
  summary: 'A person confirms with a value',
  params: z.strictObject({
    question: z.string().min(1).max(4_000),
    /** What has to be answered; any answer where it is left out. */
    expects: z.string().min(1).max(400).optional(),
  }),
  preview: ({ question, expects }) => ({
    words: expects === undefined ? question : `${question} (expected: ${expects})`,
    argv: null,
    effect: null,
    watching: true,
  }),
  run: async ({ question, expects }, context) => {
    const value = await context.question(question, expects ?? null);
    return expects === undefined || sameWords(value) === sameWords(expects)
      ? { outcome: 'done', sentence: `Answered: ${value}` }
      : { outcome: 'failed', sentence: `Answered "${value}", not "${expects}".` };
  },
});
