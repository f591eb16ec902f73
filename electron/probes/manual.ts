import { z } from 'zod';
import { formatSpan, formatValue } from '../../shared/format.ts';
import { durationSchema } from '../../shared/target/terms.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer } from './probe.ts';

const params = z
  .strictObject({
    value: z.string().default('').describe('What was typed, filled in by the room as ${typed.NAME}; empty before'),
    typedAt: z.string().default('').describe('When, in ms since 1970, as ${typed.NAME.at}'),
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

const wrong = (sentence: string): never => {
  throw new ProbeUnknown('not-taken', sentence);
};

const chosen = ({ value, good }: Params, choices: readonly string[], age: string): Answer => {
  const at = choices.findIndex((choice) => choice.toLowerCase() === value.trim().toLowerCase());
  const choice = choices[at] ?? wrong(`"${masked(value, [], 60)}" is none of ${choices.join(', ')}.`);
  const [values, facts] = [{ value: at }, { choice }];
  const sentence = `"${choice}" was chosen${age}.`;
  return (good ?? choices.slice(0, 1)).includes(choice)
    ? { verdict: 'up', reason: 'ok', sentence, values, facts }
    : down({ reason: 'chosen', sentence }, { values, facts });
};

const typed = ({ value, unit, least, most }: Params, age: string): Answer => {
  // Taken as it stands, with a dot or none: a comma may mean thousands or decimals, so it is asked for anew.
  const number = /^[-+]?\d+(\.\d+)?$/.test(value.trim()) ? Number(value) : NaN;
  if (!Number.isFinite(number)) return wrong(`"${masked(value, [], 60)}" is no number; type it as 87.5.`);
  const shown = (limit: number): string => formatValue(limit, unit, Number.isInteger(limit) ? 0 : 2);
  if (least !== undefined && number < least) return wrong(`${shown(number)} is below ${shown(least)}; type it anew.`);
  if (most !== undefined && number > most) return wrong(`${shown(number)} is above ${shown(most)}; type it anew.`);
  return { verdict: 'up', reason: 'ok', sentence: `${shown(number)} was typed${age}.`, values: { value: number } };
};

export const manualProbe = defineProbe({
  kind: 'manual',
  summary: 'A number or a choice that a person types, with unit and limits',
  params,
  series: ({ unit, choices }) => [
    { name: 'value', unit, label: choices === undefined ? 'What was typed' : 'Place of the choice, from 0' },
  ],
  open: (own) => ({
    run: ({ now }) => {
      if (own.value.trim() === '') throw new ProbeUnknown('not-typed', 'Nobody has typed this yet.');
      const at = Number(own.typedAt);
      const ageMs = own.typedAt === '' || !Number.isFinite(at) ? null : Math.max(0, now() - at);
      if (own.freshFor !== undefined && (ageMs === null || ageMs > own.freshFor))
        throw new ProbeUnknown('typed-too-long-ago', `This counts for ${formatSpan(own.freshFor)}; type it anew.`);
      const age = ageMs === null ? '' : ` ${formatSpan(ageMs)} ago`;
      return Promise.resolve(own.choices === undefined ? typed(own, age) : chosen(own, own.choices, age));
    },
    close: () => {},
  }),
});
