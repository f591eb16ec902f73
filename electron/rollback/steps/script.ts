import { createHash } from 'node:crypto';
import { z } from 'zod';
import { WarRoomError } from '../../../shared/errors.ts';
import { unplaced } from '../../../shared/rollback/placed.ts';
import { fillPlaceholders, hiddenCharacter } from '../../../shared/rollback/text.ts';
import { environment, environmentSchema } from '../environment.ts';
import { endOf } from '../exits.ts';
import { defineStep } from '../step.ts';

/** The approval of a script: the SHA-256 of its words. */
export const scriptHash = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');

/**
 * A fence of the approved document. Its text is run as approved, byte for byte; what differs from run to run comes in
 * through the environment. It stops at the first line that fails.
 */
export const scriptStep = defineStep({
  kind: 'script',
  summary: 'A script as approved, with values in its environment',
  params: z.strictObject({
    shell: z.enum(['bash', 'sh']).default('bash'),
    text: z.string().min(1).max(100_000),
    sha256: z.string().regex(/^[0-9a-f]{64}$/u, 'the SHA-256 of the approved text'),
    env: environmentSchema,
  }),
  fill: (params, variable) => ({ ...params, env: fillPlaceholders(params.env, variable) as typeof params.env }),
  preview: ({ shell, text, sha256 }) => {
    if (scriptHash(text) !== sha256)
      throw new WarRoomError('conflict', 'This script is not the one that was approved: its words changed since.');
    const hidden = hiddenCharacter(text);
    if (hidden !== null)
      throw new WarRoomError('bad-input', `The script holds a character that can't be seen (${hidden}).`);
    const nowhere = unplaced(text);
    if (nowhere !== null) throw new WarRoomError('bad-input', nowhere);
    const argv = shell === 'bash' ? ['bash', '-e', '-o', 'pipefail', '-c', text] : ['sh', '-e', '-c', text];
    return { words: text, argv, effect: null, watching: false };
  },
  run: async ({ env }, context) =>
    endOf(await context.child(await environment(env, context)), context, 'Look at what this script changes.'),
});
