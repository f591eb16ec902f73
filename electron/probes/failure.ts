import { ProbeUnknown } from './probe.ts';
import type { Answer } from './probe.ts';

/** Why something could not be reached or understood: a stable word and a sentence. */
export type Failure = { readonly reason: string; readonly sentence: string };

/** How far an attempt came before its deadline. */
export type Phase = 'lookup' | 'connect' | 'tls' | 'wait' | 'headers' | 'body';

const lates: Record<Phase, readonly [reason: string, what: string]> = {
  lookup: ['dns-timeout', 'its name was not resolved'],
  connect: ['connect-timeout', 'no connection came about'],
  tls: ['tls-timeout', 'it took the connection but did not finish the TLS handshake'],
  wait: ['no-answer', 'it took the connection but sent nothing'],
  headers: ['headers-timeout', 'its headers did not end'],
  body: ['body-timeout', 'its body did not end'],
};

export const late = (phase: Phase, deadlineMs: number): Failure => {
  const [reason, what] = lates[phase];
  return { reason, sentence: `No complete answer within ${deadlineMs / 1_000} s: ${what}.` };
};

const known: Readonly<Record<string, readonly [reason: string, what: string]>> = {
  ECONNREFUSED: ['refused', 'refuses connections'],
  ECONNRESET: ['reset', 'closed the connection without an answer'],
  EPIPE: ['reset', 'closed the connection without an answer'],
  ETIMEDOUT: ['connect-timeout', 'does not answer'],
  EHOSTUNREACH: ['unreachable', 'cannot be reached: no route to it'],
  ENOTFOUND: ['name-not-found', 'has a name that does not exist'],
  CERT_HAS_EXPIRED: ['tls-expired', 'shows a certificate that has expired'],
  CERT_NOT_YET_VALID: ['tls-not-yet-valid', 'shows a certificate that is not valid yet'],
  CERT_REVOKED: ['tls-revoked', 'shows a certificate that was revoked'],
  DEPTH_ZERO_SELF_SIGNED_CERT: ['tls-self-signed', 'shows a self-signed certificate'],
  SELF_SIGNED_CERT_IN_CHAIN: ['tls-untrusted', 'shows a certificate chain that ends in an unknown authority'],
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: ['tls-untrusted', 'shows a certificate whose chain is incomplete or unknown'],
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: ['tls-untrusted', 'shows a certificate of an unknown authority'],
  UNABLE_TO_GET_ISSUER_CERT: ['tls-untrusted', 'shows a certificate of an unknown authority'],
  ERR_TLS_CERT_ALTNAME_INVALID: ['tls-wrong-name', 'shows a certificate for another name'],
  EPROTO: ['tls-failed', 'does not speak TLS as expected'],
};

/** Faults of this machine or its network: they say nothing about the target. */
const ours: Readonly<Record<string, string>> = {
  EAI_AGAIN: 'the name service of this machine does not answer',
  ENETUNREACH: 'this machine has no network',
  ENETDOWN: 'this machine has no network',
  EADDRNOTAVAIL: 'this machine has no free local address or port',
  EMFILE: 'this machine has no file descriptors left',
  ENFILE: 'this machine has no file descriptors left',
  ENOBUFS: 'this machine has no memory for sockets left',
};

const codeOf = (error: unknown): string => {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    if ('code' in cause && typeof cause.code === 'string' && cause.code in known) return cause.code;
  }
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';
};

/**
 * What a network error says about `who` ("api.example.com:443"). Throws ProbeUnknown where the fault lies on this
 * machine, and the error itself where it is none of the network's.
 */
export const networkFailure = (error: unknown, who: string): Failure => {
  const code = codeOf(error);
  const own = ours[code];
  if (own !== undefined) throw new ProbeUnknown('own-network', `Could not ask ${who}: ${own}.`, { cause: error });
  const [reason, what] = known[code] ?? [];
  if (reason !== undefined) return { reason, sentence: `${who} ${what}.` };
  if (code.startsWith('HPE_'))
    return { reason: 'malformed', sentence: `${who} answers with something that is not HTTP.` };
  if (code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code.includes('CERT'))
    return { reason: 'tls-failed', sentence: `${who} fails the TLS handshake (${code}).` };
  throw error;
};

export const down = (failure: Failure, more: Pick<Answer, 'values' | 'facts'> = {}): Answer => ({
  verdict: 'down',
  ...failure,
  ...more,
});
