import { basename } from 'node:path';
import { z } from 'zod';
import { WarRoomError } from '../../../shared/errors.ts';
import { unplaced } from '../../../shared/rollback/placed.ts';
import { fillArguments, fillPlaceholders, hiddenCharacter, showArguments } from '../../../shared/rollback/text.ts';
import { endOf } from '../exits.ts';
import { defineStep } from '../step.ts';
import { environment, environmentSchema } from '../environment.ts';

/** A program with an argument array. No shell sees it; each value stays one argument. */
export const commandStep = defineStep({
  kind: 'command',
  summary: 'A program with its arguments, one by one',
  params: z.strictObject({
    argv: z.array(z.string().max(100_000)).min(1).max(200),
    env: environmentSchema,
    /** Exit codes that mean done. */
    ok: z.array(z.number().int().min(0).max(255)).min(1).default([0]),
  }),
  fill: (params, variable) => ({
    ...params,
    argv: [...fillArguments(params.argv, variable)],
    env: fillPlaceholders(params.env, variable) as typeof params.env,
  }),
  preview: ({ argv, env }) => {
    const hidden = argv.flatMap((part) => hiddenCharacter(part) ?? [])[0];
    if (hidden !== undefined)
      throw new WarRoomError('bad-input', `The command holds a character that can't be seen (${hidden}).`);
    const [program = '', ...rest] = argv;
    const nowhere = unplaced([basename(program), ...rest].join(' '));
    if (nowhere !== null) throw new WarRoomError('bad-input', nowhere);
    const names = Object.keys(env);
    return {
      words: `${showArguments(argv)}${names.length === 0 ? '' : `, with ${names.join(', ')} in its environment`}`,
      argv,
      effect: null,
      watching: false,
    };
  },
  run: async ({ env, ok }, context) =>
    endOf(await context.child(await environment(env, context)), context, 'Look at what this command changes.', ok),
});
