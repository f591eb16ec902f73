import { z } from 'zod';
import { WarRoomError } from '../../../shared/errors.ts';
import { defineStep } from '../step.ts';
import type { StepEnd } from '../step.ts';

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
const harmless = new Set<string>(['GET', 'HEAD']);
const answerCap = 64 * 1024;

const read = async (response: Response): Promise<string> => {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    chunks.push(chunk);
    size += chunk.byteLength;
    if (size > answerCap) break;
  }
  return Buffer.concat(chunks).toString('utf8').slice(0, answerCap);
};

/** What the network says went wrong: fetch hides it one level down. */
const reasonOf = (cause: unknown): string => {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return inner instanceof Error ? inner.message : String(inner);
};

/** Before a connection stood, nothing can have happened. */
const neverSent = /bad port|ECONNREFUSED|ENOTFOUND|EAI_AGAIN|EHOSTUNREACH|ENETUNREACH|CERT|SSL|certificate/u;

/** One HTTP request, sent once. A redirect is not followed: it would send the request somewhere nobody has seen. */
export const httpStep = defineStep({
  kind: 'http',
  summary: 'One HTTP request, sent once',
  params: z.strictObject({
    method: z.enum(methods).default('POST'),
    url: z.string().max(8_000),
    headers: z.record(z.string().regex(/^[\w-]{1,100}$/u, 'a header name'), z.string().max(8_000)).default({}),
    body: z.string().max(1_000_000).optional(),
    expect: z.array(z.number().int().min(100).max(599)).min(1).default([200, 201, 202, 204]),
    /** What the answer must hold somewhere. */
    contains: z.string().min(1).max(2_000).optional(),
  }),
  preview: ({ method, url, headers, body }) => {
    const parsed = URL.canParse(url) ? new URL(url) : null;
    if (parsed === null || !['http:', 'https:'].includes(parsed.protocol))
      throw new WarRoomError('bad-input', `"${url}" is no http or https address.`);
    if (parsed.username !== '' || parsed.password !== '')
      throw new WarRoomError('bad-input', 'An address holds no credentials; use a header with "secret:NAME".');
    const names = Object.keys(headers);
    return {
      words: [
        `${method} ${parsed.href}`,
        ...names.map((name) => `${name}: ${headers[name] ?? ''}`),
        ...(body === undefined ? [] : ['', body]),
      ].join('\n'),
      argv: null,
      effect: null,
      watching: harmless.has(method),
    };
  },
  run: async ({ method, url, headers, body, expect, contains }, context): Promise<StepEnd> => {
    const resolved = Object.fromEntries(
      await Promise.all(
        Object.entries(headers).map(async ([name, value]) => [name, await context.secret(value)] as const),
      ),
    );
    try {
      const response = await fetch(url, {
        method,
        headers: resolved,
        ...(body === undefined ? {} : { body: await context.secret(body) }),
        redirect: 'manual',
        signal: context.signal,
      });
      const text = await read(response);
      await context.say(`${response.status} ${response.statusText}\n${text}`);
      if (expect.includes(response.status) && contains !== undefined && !text.includes(contains))
        return { outcome: 'failed', sentence: `It answered ${response.status}, but without ${contains}.` };
      return expect.includes(response.status)
        ? { outcome: 'done', sentence: `It answered ${response.status}.` }
        : { outcome: 'failed', sentence: `It answered ${response.status}, not ${expect.join(' or ')}.` };
    } catch (cause) {
      const said = context.signal.aborted ? 'no answer within the limit' : reasonOf(cause);
      return harmless.has(method) || (!context.signal.aborted && neverSent.test(`${said} ${codeOf(cause)}`))
        ? { outcome: 'failed', sentence: `No answer: ${said}.` }
        : { outcome: 'unknown', sentence: `No answer: ${said}. The request may have arrived; look on the other side.` };
    }
  },
});

const codeOf = (cause: unknown): string => {
  const inner = cause instanceof Error ? cause.cause : null;
  return inner instanceof Error && 'code' in inner ? String(inner.code) : '';
};
