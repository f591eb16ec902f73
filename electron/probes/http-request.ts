import type { HttpRequest } from './exchange.ts';
import { ProbeUnknown } from './probe.ts';

/** Reads an address after its variables are in. Throws ProbeUnknown for one that is none, without repeating it: it may be a secret. */
export const httpUrl = (text: string): URL => {
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url === null || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw new ProbeUnknown('bad-address', 'The address is not one that begins with http:// or https://.');
  return url;
};

/** Everything in a request that its answer must not bring back to a window. */
export const secretsOf = ({ headers, auth }: Pick<HttpRequest, 'headers' | 'auth'>): string[] => [
  ...Object.entries(headers)
    .filter(([name]) => /auth|cookie|token|key|secret/i.test(name))
    .flatMap(([, value]) => [value, value.replace(/^\w+\s+/, '')]),
  ...(auth === undefined ? [] : [auth.password]),
];
