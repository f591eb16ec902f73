import type { Buffer } from 'node:buffer';
import type { IncomingHttpHeaders } from 'node:http';
import type { JsonValue } from 'jsonpath-rfc9535';
import { formatSpan } from '../../shared/format.ts';
import { httpUrl, secretsOf } from './http-request.ts';
import { parseJson } from './json.ts';
import { masked } from './mask.ts';
import { ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';
import { follow } from './redirects.ts';

export type ApiCall = {
  /** What people call the tool: it stands in every sentence. */
  readonly tool: string;
  readonly url: string;
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: unknown;
  readonly ca?: string | undefined;
  /** What no sentence may show, besides the credentials in the headers: what came from a secret:NAME. */
  readonly secrets?: readonly string[];
};

export type ApiAnswer = {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  readonly json: JsonValue | undefined;
  readonly tookMs: number;
  /** Words of the tool as they may be shown: without what the question was asked with. */
  readonly shown: (words: string, most?: number) => string;
};

const quietKey = 'asked too often until';

/** How long a tool wants to be left alone: as it says, a minute if it does not, an hour at most. Null if it does not mind. */
const quietMs = (status: number, headers: IncomingHttpHeaders, now: number): number | null => {
  const spent = headers['x-ratelimit-remaining'] === '0' || headers['retry-after'] !== undefined;
  if (status !== 429 && !(status === 403 && spent)) return null;
  // A reset is a length in some tools and a moment in others, both in seconds.
  const seconds = Number(headers['retry-after'] ?? headers['x-ratelimit-reset'] ?? NaN);
  const ms = seconds > 1e9 ? seconds * 1_000 - now : seconds * 1_000;
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1_000), 3_600_000) : 60_000;
};

const tooOften = (tool: string, ms: number): ProbeUnknown =>
  new ProbeUnknown(
    'rate-limited',
    `${tool} is asked too often and is left alone for another ${formatSpan(ms)}; make the interval longer.`,
  );

/**
 * One question to a tool. A tool that does not answer says nothing about the target: every failure is ProbeUnknown. One
 * that is asked too often is not asked again before it allows it.
 */
export const ask = async (call: ApiCall, { signal, deadlineMs, now, memory }: ProbeContext): Promise<ApiAnswer> => {
  const { tool, url, method = 'GET', headers = {}, body, ca } = call;
  const secrets = [...secretsOf({ headers }), ...(call.secrets ?? [])];
  const quiet = Number(memory.get(quietKey) ?? 0) - now();
  if (quiet > 0) throw tooOften(tool, quiet);
  const begun = performance.now();
  const request = { url: httpUrl(url), method, headers, reuse: true, ca, ...(body === undefined ? {} : { body }) };
  const followed = await follow(request, signal, deadlineMs);
  if (!('answer' in followed))
    throw new ProbeUnknown(
      `tool-${followed.failure.reason}`,
      `${tool} could not be asked: ${masked(followed.failure.sentence, secrets, 400)}`,
    );
  const { status, headers: told, body: bytes } = followed.answer;
  const wait = quietMs(status, told, now());
  if (wait !== null) {
    memory.set(quietKey, now() + wait);
    throw tooOften(tool, wait);
  }
  return {
    status,
    headers: told,
    body: bytes,
    json: parseJson(bytes.toString('utf8')),
    tookMs: performance.now() - begun,
    shown: (words, most = 200) => masked(words, secrets, most),
  };
};

/** The refusals that every tool has in common, as sentences that say what to do. */
export const refuse = (tool: string, { status, json, shown }: ApiAnswer): never => {
  const object = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  const said = [object['error'], object['message'], object['errors']].flat().find((words) => typeof words === 'string');
  const why = said === undefined ? '' : ` It says: ${shown(said)}`;
  if (status === 401 || status === 403)
    throw new ProbeUnknown(
      'not-allowed',
      `${tool} refuses the credentials (${status}); set them anew or give them the right to read.${why}`,
    );
  if (status === 404)
    throw new ProbeUnknown(
      'not-found',
      `${tool} does not know what is asked for (404); look at the names in the target.${why}`,
    );
  if (status >= 500) throw new ProbeUnknown('tool-down', `${tool} itself fails (${status}).${why}`);
  throw new ProbeUnknown('not-understood', `${tool} does not take the question (${status}).${why}`);
};

/** The JSON of an answer with status 200; every other answer is refused. */
export const jsonOf = (tool: string, answer: ApiAnswer): JsonValue => {
  if (answer.status !== 200) return refuse(tool, answer);
  if (answer.json === undefined)
    throw new ProbeUnknown(
      'not-json',
      `${tool} answers with something that is not JSON; look at the address, and whether it asks to sign in.`,
    );
  return answer.json;
};

/** The JSON that a tool answers with status 200. */
export const askJson = async (call: ApiCall, context: ProbeContext): Promise<JsonValue> =>
  jsonOf(call.tool, await ask(call, context));
