import { z } from 'zod';
import { authSchema } from './auth.ts';
import { expectSchema, firstFailure, metWords } from './expect.ts';
import type { HttpAnswer, HttpRequest } from './exchange.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe } from './probe.ts';
import type { Answer, SeriesSpec } from './probe.ts';
import { follow, mostRedirects } from './redirects.ts';
import type { Followed } from './redirects.ts';
import { lookBack } from './http-past.ts';
import { jsonPathSchema } from './json.ts';
import { httpUrl, secretsOf } from './http-request.ts';
import { keepSchema, keepWords, takeNumbers, takeSchema } from './take.ts';

const methods = ['GET', 'HEAD', 'OPTIONS', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;

export const httpParams = z.strictObject({
  url: z.string().min(1),
  method: z.enum(methods).default('GET'),
  headers: z.record(z.string(), z.string()).default({}),
  body: z.unknown().optional().describe('Text as it is, or a value that is sent as JSON'),
  auth: authSchema.optional(),
  expect: expectSchema.default({}),
  take: takeSchema.default({}).describe('Series → where its number stands'),
  keep: keepSchema.default({}).describe('Fact → where its words stand, such as the version'),
  past: z
    .strictObject({
      url: z
        .string()
        .min(1)
        .describe('With {from}, {to} and {step} where the moments (UTC epoch ms) and the step (ms) go'),
      rows: jsonPathSchema.default('$').describe('Where the list of answers stands; `take` is read in each of them'),
      at: jsonPathSchema.default('$.at').describe('Where the moment stands in one of them, UTC epoch ms'),
    })
    .optional()
    .describe('An address that answers what this one answered before: the hour before a deployment comes from there'),
  repeat: z
    .literal('safe')
    .optional()
    .describe('Says that a request which changes something may be sent again and again'),
  redirects: z.number().int().min(0).max(mostRedirects).default(mostRedirects),
  ca: z.string().optional().describe('PEM of a private authority'),
  reuse: z
    .boolean()
    .default(true)
    .describe('Keep the connection; false measures name, connection and TLS at each attempt'),
});
type Params = z.output<typeof httpParams>;

/** The numbers of any HTTP attempt. dnsMs, connectMs and tlsMs come with new connections only. */
export const httpSeries: readonly SeriesSpec[] = [
  { name: 'latencyMs', unit: 'ms', label: 'Time to the whole answer' },
  { name: 'firstByteMs', unit: 'ms', label: 'Time to the first byte' },
  { name: 'dnsMs', unit: 'ms', label: 'Name lookup' },
  { name: 'connectMs', unit: 'ms', label: 'Connection' },
  { name: 'tlsMs', unit: 'ms', label: 'TLS handshake' },
  { name: 'status', unit: '', label: 'Status' },
  { name: 'bytes', unit: 'B', label: 'Size of the body' },
  { name: 'ageS', unit: 's', label: 'Age of a cached answer' },
];

export const requestOf = (
  params: Pick<Params, 'url' | 'method' | 'headers' | 'body' | 'auth' | 'ca' | 'reuse'>,
): HttpRequest => {
  const url = httpUrl(params.url);
  const own =
    url.username === ''
      ? undefined
      : { username: decodeURIComponent(url.username), password: decodeURIComponent(url.password) };
  url.username = '';
  url.password = '';
  const { method, body, ca, reuse, auth: given } = params;
  const bearer = given !== undefined && 'bearer' in given ? { authorization: `Bearer ${given.bearer}` } : {};
  const auth = given !== undefined && 'username' in given ? given : own;
  return {
    url,
    method,
    headers: { ...params.headers, ...bearer },
    reuse,
    ...(body === undefined ? {} : { body }),
    ...(auth === undefined ? {} : { auth }),
    ...(ca === undefined ? {} : { ca }),
  };
};

const rounded = (ms: number): number => Math.round(ms * 1_000) / 1_000;

export const httpValues = (answer: HttpAnswer, tookMs: number): Record<string, number> => {
  const values: Record<string, number> = {
    latencyMs: rounded(tookMs),
    firstByteMs: rounded(answer.firstByteMs),
    status: answer.status,
    bytes: answer.body.length,
  };
  for (const part of ['dnsMs', 'connectMs', 'tlsMs'] as const)
    if (answer[part] !== null) values[part] = rounded(answer[part]);
  const age = Number(answer.headers.age ?? NaN);
  if (Number.isFinite(age)) values['ageS'] = age;
  return values;
};

const cachedWords = ({ headers }: HttpAnswer): string => {
  const age = Number(headers.age ?? 0);
  // The last one is the standard's own (RFC 9211), the others came before it.
  const hit = ['x-cache', 'x-cache-status', 'cf-cache-status', 'cache-status']
    .flatMap((name) => headers[name] ?? [])
    .some((value) => /\bhit\b/i.test(value));
  return age > 0 ? `, ${age} s old from a cache` : hit ? ', from a cache' : '';
};

/** `met` says what a right answer held, in words that follow the status. */
type Asked = { readonly params: Params; readonly secrets: readonly string[]; readonly met: string };

const answerOf = ({ params, secrets, met }: Asked, followed: Followed, tookMs: number): Answer => {
  if (!('answer' in followed)) return down(followed.failure);
  const { answer, hops, url } = followed;
  let text: string | null = null;
  const seen = { status: answer.status, headers: answer.headers, text: () => (text ??= answer.body.toString('utf8')) };
  const failure = firstFailure(params.expect, seen);
  const values = { ...httpValues(answer, tookMs), ...takeNumbers(params.take, seen) };
  const facts: Record<string, string> = keepWords(params.keep, seen, secrets);
  if (hops > 0) facts['redirectedTo'] = url.host;
  if (answer.headers.via !== undefined) facts['via'] = masked(answer.headers.via, secrets, 200);
  const sentence = `Answered ${answer.status} in ${Math.round(tookMs)} ms${cachedWords(answer)}`;
  if (failure === null) return { verdict: 'up', reason: 'ok', sentence: `${sentence}${met}.`, values, facts };
  return down(
    { reason: failure.reason, sentence: `${sentence}, but ${masked(failure.sentence, secrets, 300)}.` },
    { values, facts: { ...facts, excerpt: masked(seen.text(), secrets, 2_000) } },
  );
};

export const httpProbe = defineProbe({
  kind: 'http',
  summary:
    'One HTTP request: status, content type, JSON values, text and headers of its answer, and its parts of latency',
  params: httpParams,
  series: ({ take }) => [...httpSeries, ...Object.keys(take).map((name) => ({ name, unit: '', label: name }))],
  changes: ({ method, repeat }) => !['GET', 'HEAD', 'OPTIONS'].includes(method) && repeat !== 'safe',
  open: (params) => {
    const { past } = params;
    const request = requestOf(params);
    const secrets = secretsOf(request);
    const asked: Asked = { params, secrets, met: masked(metWords(params.expect), secrets, 300) };
    return {
      run: async ({ signal, deadlineMs }) => {
        const begun = performance.now();
        const followed = await follow(request, signal, deadlineMs, params.redirects);
        return answerOf(asked, followed, performance.now() - begun);
      },
      ...(past === undefined ? {} : { past: (when, context) => lookBack({ ...params, past }, when, context) }),
      close: () => {},
    };
  },
});
