import { z } from 'zod';
import { formatSpan, formatValue } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, Typed } from './probe.ts';

const params = z
  .strictObject({
    unit: z.string().default(''),
    least: z.number().optional().describe('No smaller number is taken'),
    most: z.number().optional().describe('No larger number is taken'),
    choices: z.array(z.string().min(1)).min(2).optional().describe('The words to choose from, instead of a number'),
    good: z.array(z.string()).optional().describe('The choices that are well; the first one if left out'),
    freshFor: durationSchema.optional().describe('How long it counts; for ever if left out'),
  })
  .refine(({ choices, good }) => good === undefined || good.every((one) => choices?.includes(one) === true), {
    path: ['good'],
    message: 'a good choice is one of the choices',
  })
  .refine(({ choices, least, most }) => choices === undefined || (least === undefined && most === undefined), {
    path: ['choices'],
    message: 'choices have no least and no most',
  });
type Params = z.output<typeof params>;

const wrong = (reason: string, sentence: string): never => {
  throw new ProbeUnknown(reason, sentence);
};

const chosen = ({ good }: Params, choices: readonly string[], value: string, age: string): Answer => {
  const at = choices.findIndex((choice) => choice.toLowerCase() === value.trim().toLowerCase());
  const choice = choices[at] ?? wrong('not-taken', `"${masked(value, [], 60)}" is none of ${choices.join(', ')}.`);
  const [values, facts] = [{ value: at }, { choice }];
  const sentence = `"${choice}" was chosen ${age}.`;
  return (good ?? choices.slice(0, 1)).includes(choice)
    ? { verdict: 'up', reason: 'ok', sentence, values, facts }
    : down({ reason: 'chosen', sentence }, { values, facts });
};

const measured = ({ unit, least, most }: Params, value: string, age: string): Answer => {
  // Taken as it stands, with a dot or none: a comma may mean thousands or decimals, so it is asked for anew.
  const number = /^[-+]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isFinite(number)) return wrong('not-taken', `"${masked(value, [], 60)}" is no number; type it as 87.5.`);
  const shown = (limit: number): string => formatValue(limit, unit, Number.isInteger(limit) ? 0 : 2);
  if (least !== undefined && number < least)
    return wrong('not-taken', `${shown(number)} is below ${shown(least)}; type it anew.`);
  if (most !== undefined && number > most)
    return wrong('not-taken', `${shown(number)} is above ${shown(most)}; type it anew.`);
  return { verdict: 'up', reason: 'ok', sentence: `${shown(number)} was typed ${age}.`, values: { value: number } };
};

export const manualProbe = defineProbe({
  kind: 'manual',
  summary: 'A number or a choice that a person types, with unit and limits',
  params,
  series: ({ unit, choices }) => [
    { name: 'value', unit, label: choices === undefined ? 'What was typed' : 'Place of the choice, from 0' },
  ],
  typed: true,
  open: (own) => ({
    run: ({ now, typed }) => {
      const { value, at }: Typed = typed ?? wrong('not-typed', 'Nobody has typed this yet.');
      const ageMs = Math.max(0, now() - at);
      if (own.freshFor !== undefined && ageMs > own.freshFor)
        return wrong('typed-too-long-ago', `This counts for ${formatSpan(own.freshFor)}; type it anew.`);
      const age = `${formatSpan(ageMs)} ago`;
      return Promise.resolve(
        own.choices === undefined ? measured(own, value, age) : chosen(own, own.choices, value, age),
      );
    },
    close: () => {},
  }),
});
