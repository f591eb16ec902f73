import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { authSchema } from './auth.ts';
import { expectSchema, firstFailure } from './expect.ts';
import type { HttpRequest } from './exchange.ts';
import { down } from './failure.ts';
import type { Failure } from './failure.ts';
import { requestOf } from './http.ts';
import { httpUrl, secretsOf } from './http-request.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';
import { follow } from './redirects.ts';
import { keepSchema, rawWords, seriesName } from './take.ts';

const stepSchema = z.strictObject({
  name: seriesName.describe('One word: it names the step and its latency'),
  path: z.string().min(1).describe('Path after the base address, or a whole address'),
  method: z.enum(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE']).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional().describe('Text as it is, or a value that is sent as JSON'),
  auth: authSchema.optional(),
  expect: expectSchema.default({}),
  capture: keepSchema
    .default({})
    .describe('Name → where its value stands in the answer; later steps write it as {{name}}'),
});
type Step = z.output<typeof stepSchema>;

const params = z
  .strictObject({
    url: z.string().min(1).describe('The base address'),
    ca: z.string().optional(),
    steps: z.array(stepSchema).min(1).max(20),
    repeat: z.literal('safe').optional().describe('Says that the whole journey may be made again and again'),
  })
  .refine(
    ({ steps }) => new Set(steps.map(({ name }) => name)).size === steps.length,
    'every step needs a name of its own',
  );
type Params = z.output<typeof params>;

type Captured = Readonly<Record<string, string>>;

const placeholder = /\{\{\s*([A-Za-z]\w*)\s*\}\}/g;

/** Puts captured values where a step names them. Whoever names one that no step before has is told at once. */
const filled = (value: unknown, captured: Captured, encode: (text: string) => string = String): unknown => {
  if (typeof value === 'string')
    return value.replace(placeholder, (_, name: string) => {
      const found = Object.hasOwn(captured, name) ? captured[name] : undefined;
      if (found === undefined)
        throw new ProbeUnknown('nothing-captured', `A step names {{${name}}}, which no step before it has captured.`);
      return encode(found);
    });
  if (Array.isArray(value)) return value.map((entry) => filled(entry, captured));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, filled(entry, captured)]));
};

const addressOf = (base: string, path: string, captured: Captured): string => {
  const whole = /^https?:\/\//.test(path);
  // A captured value is one part of an address; it must not add parts of its own.
  const there = String(filled(path, captured, encodeURIComponent));
  return whole ? there : `${httpUrl(base).href.replace(/\/+$/, '')}/${there.replace(/^\/+/, '')}`;
};

type Taken =
  | { readonly captured: Captured; readonly tookMs: number; readonly sentence: string }
  | { readonly failure: Failure; readonly tookMs: number };

const walk = async (own: Params, step: Step, captured: Captured, context: ProbeContext): Promise<Taken> => {
  const begun = performance.now();
  const { expect, capture } = step;
  const headers = filled(step.headers, captured) as Record<string, string>;
  const body = step.body === undefined ? {} : { body: filled(step.body, captured) };
  const request: HttpRequest = requestOf({
    ...step,
    url: addressOf(own.url, step.path, captured),
    headers,
    ...body,
    ca: own.ca,
    reuse: true,
  });
  const followed = await follow(request, context.signal, context.deadlineMs);
  const tookMs = performance.now() - begun;
  if (!('answer' in followed)) return { failure: followed.failure, tookMs };
  const { answer } = followed;
  let text: string | null = null;
  const seen = { status: answer.status, headers: answer.headers, text: () => (text ??= answer.body.toString('utf8')) };
  const secrets = [...secretsOf(request), ...Object.values(captured)];
  const sentence = `answered ${answer.status} in ${Math.round(tookMs)} ms`;
  const wrong = firstFailure(expect, seen);
  if (wrong !== null)
    return {
      failure: { reason: wrong.reason, sentence: `${sentence}, but ${masked(wrong.sentence, secrets, 300)}.` },
      tookMs,
    };
  const fresh = rawWords(capture, seen);
  const missing = Object.keys(capture).find((name) => fresh[name] === undefined);
  if (missing !== undefined)
    return { failure: { reason: 'nothing-to-capture', sentence: `${sentence}, but holds no ${missing}.` }, tookMs };
  return { captured: { ...captured, ...fresh }, tookMs, sentence };
};

const journey = async (own: Params, context: ProbeContext): Promise<Answer> => {
  const values: Record<string, number> = {};
  const facts: Record<string, string> = {};
  const begun = performance.now();
  let captured: Captured = {};
  for (const [at, step] of own.steps.entries()) {
    const taken = await walk(own, step, captured, context);
    values[`${step.name}Ms`] = taken.tookMs;
    if ('failure' in taken) {
      const { reason, sentence } = taken.failure;
      facts[step.name] = sentence;
      return down(
        { reason, sentence: `Step ${at + 1} of ${own.steps.length}, ${step.name}: ${sentence}` },
        { values: { ...values, stepsDone: at }, facts },
      );
    }
    facts[step.name] = `${taken.sentence}.`;
    ({ captured } = taken);
  }
  const latencyMs = performance.now() - begun;
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `All ${formatCount(own.steps.length, 'step')} in ${Math.round(latencyMs)} ms: ${own.steps.map(({ name }) => name).join(', ')}.`,
    values: { ...values, latencyMs, stepsDone: own.steps.length },
    facts,
  };
};

export const journeyProbe = defineProbe({
  kind: 'journey',
  summary: 'Requests in order, each with what the ones before it answered: sign in, send, list, sign out',
  params,
  series: ({ steps }) => [
    { name: 'latencyMs', unit: 'ms', label: 'Time of all steps' },
    { name: 'stepsDone', unit: '', label: 'Steps that went well' },
    ...steps.map(({ name }) => ({ name: `${name}Ms`, unit: 'ms', label: `Time of ${name}` })),
  ],
  changes: ({ steps, repeat }) =>
    repeat !== 'safe' && steps.some(({ method }) => method !== 'GET' && method !== 'HEAD'),
  open: (own) => ({ run: (context) => journey(own, context), close: () => {} }),
});
