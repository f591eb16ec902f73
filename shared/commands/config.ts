import { z } from 'zod';
import { durationSchema } from '../target/terms.ts';

/** What a target says about the document's commands: where they run, for how long, and what runs in their place. */
export const commandsSchema = z.strictObject({
  directory: z
    .string()
    .min(1)
    .optional()
    .describe('The folder that commands run in, as a whole path; the home folder of this machine if left out'),
  timeout: durationSchema.default(900_000).describe('After this a command is ended, with all it had started'),
  instead: z
    .array(
      z.strictObject({
        written: z.string().min(1).describe("The command's words, as in the document"),
        run: z.array(z.string().min(1)).min(1).describe('The program and its arguments, one by one; there is no shell'),
        env: z
          .record(z.string(), z.string())
          .default({})
          .describe('Added to the environment; values may be secret:NAME'),
      }),
    )
    .default([])
    .describe('What runs here where the document writes something that could not'),
});
