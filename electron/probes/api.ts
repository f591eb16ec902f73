import type { Buffer } from 'node:buffer';
import type { JsonValue } from 'jsonpath-rfc9535';
import { httpUrl } from './http.ts';
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
};

export type ApiAnswer = {
  readonly status: number;
  readonly body: Buffer;
  readonly json: JsonValue | undefined;
  readonly tookMs: number;
};

/** One question to a tool. A tool that does not answer says nothing about the target: every failure is ProbeUnknown. */
export const ask = async (
  call: ApiCall,
  { signal, deadlineMs }: Pick<ProbeContext, 'signal' | 'deadlineMs'>,
): Promise<ApiAnswer> => {
  const { tool, url, method = 'GET', headers = {}, body, ca } = call;
  const begun = performance.now();
  const request = { url: httpUrl(url), method, headers, reuse: true, ca, ...(body === undefined ? {} : { body }) };
  const followed = await follow(request, signal, deadlineMs);
  if (!('answer' in followed))
    throw new ProbeUnknown(
      `tool-${followed.failure.reason}`,
      `${tool} could not be asked: ${followed.failure.sentence}`,
    );
  const { status, body: bytes } = followed.answer;
  return { status, body: bytes, json: parseJson(bytes.toString('utf8')), tookMs: performance.now() - begun };
};

/** The refusals that every tool has in common, as sentences that say what to do. */
export const refuse = (tool: string, { status, json }: Pick<ApiAnswer, 'status' | 'json'>): never => {
  const object = typeof json === 'object' && json !== null && !Array.isArray(json) ? json : {};
  const said = [object['error'], object['message'], object['errors']].flat().find((words) => typeof words === 'string');
  const why = said === undefined ? '' : ` It says: ${masked(said, [], 200)}`;
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
  if (status === 429)
    throw new ProbeUnknown('rate-limited', `${tool} is asked too often (429); make the interval longer.${why}`);
  if (status >= 500) throw new ProbeUnknown('tool-down', `${tool} itself fails (${status}).${why}`);
  throw new ProbeUnknown('not-understood', `${tool} does not take the question (${status}).${why}`);
};

/** The JSON that a tool answers with status 200. */
export const askJson = async (
  call: ApiCall,
  context: Pick<ProbeContext, 'signal' | 'deadlineMs'>,
): Promise<JsonValue> => {
  const answer = await ask(call, context);
  if (answer.status !== 200) return refuse(call.tool, answer);
  if (answer.json === undefined)
    throw new ProbeUnknown('not-json', `${call.tool} answers with something that is not JSON.`);
  return answer.json;
};
