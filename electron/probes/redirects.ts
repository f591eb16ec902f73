import { exchange } from './exchange.ts';
import type { Exchanged, HttpAnswer, HttpRequest } from './exchange.ts';
import type { Failure } from './failure.ts';

export const mostRedirects = 5;

/** Headers that may follow to another origin. Anything else that a target's author wrote may be a credential. */
const harmless = ['accept', 'accept-language', 'content-type', 'user-agent'];

const refused = (why: string): Failure => ({
  reason: 'redirect-refused',
  sentence: `Redirects ${why}; that is not followed.`,
});

/** The next request that a redirect asks for, or why it is not made. */
const next = (request: HttpRequest, { status, headers }: HttpAnswer): HttpRequest | Failure => {
  const location = headers.location ?? '';
  if (!URL.canParse(location, request.url.href)) return refused('to something that is no address');
  const url = new URL(location, request.url);
  if (url.protocol !== 'http:' && url.protocol !== 'https:') return refused(`to ${url.protocol.slice(0, 20)}`);
  url.username = '';
  url.password = '';
  const keepsBody = status === 307 || status === 308;
  const method = keepsBody || request.method === 'HEAD' ? request.method : 'GET';
  const { body, auth, headers: own, ...rest } = request;
  const moved: HttpRequest = {
    ...rest,
    url,
    method,
    headers: own,
    ...(keepsBody && body !== undefined ? { body } : {}),
  };
  if (url.origin === request.url.origin) return { ...moved, ...(auth === undefined ? {} : { auth }) };
  // What was meant for one origin is not told to another: neither credentials nor what was to be sent.
  if (moved.body !== undefined) return refused(`with what was sent to another origin, ${url.host}`);
  return {
    ...moved,
    headers: Object.fromEntries(Object.entries(own).filter(([name]) => harmless.includes(name.toLowerCase()))),
  };
};

const redirecting = [301, 302, 303, 307, 308];

export type Followed = Exchanged & { readonly hops: number; readonly url: URL };

/** One request and the redirects that follow from it, at most five, all within the one deadline. */
export const follow = async (
  first: HttpRequest,
  signal: AbortSignal,
  deadlineMs: number,
  most = mostRedirects,
): Promise<Followed> => {
  let request = first;
  for (let hops = 0; ; hops += 1) {
    const exchanged = await exchange(request, signal, deadlineMs);
    const { url } = request;
    if (!('answer' in exchanged)) return { ...exchanged, hops, url };
    const { answer } = exchanged;
    if (most === 0 || !redirecting.includes(answer.status) || answer.headers.location === undefined)
      return { answer, hops, url };
    if (hops >= most)
      return { failure: { reason: 'redirect-loop', sentence: `Redirects more than ${most} times.` }, hops, url };
    const moved = next(request, answer);
    if ('reason' in moved) return { failure: moved, hops, url };
    request = moved;
  }
};
