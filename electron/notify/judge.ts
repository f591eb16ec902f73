import type { Outcome } from './notice.ts';
import type { Posted, Reply } from './post.ts';

/** How long the other end wants to be left alone, in ms: as it says, at most an hour; null where it does not say. */
const retryAfter = ({ headers }: Reply): number | null => {
  const said = headers['retry-after'];
  const seconds = said === undefined ? NaN : Number(said);
  const ms = Number.isFinite(seconds) ? seconds * 1_000 : Date.parse(String(said)) - Date.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), 3_600_000) : null;
};

/** Words of the other end as they may be shown: one line, short, without what was meant to stay secret. */
export const shown = (text: string, secrets: readonly string[] = []): string => {
  let line = text.slice(0, 2_000);
  for (const secret of secrets) if (secret.length >= 4) line = line.replaceAll(secret, '•••');
  line = line.replaceAll(/[\p{Cc}\p{Cf}\s]+/gv, ' ').trim();
  return line.length > 200 ? `${line.slice(0, 199)}…` : line;
};

export const later = (sentence: string, afterMs: number | null = null): Outcome => ({
  kind: 'later',
  sentence,
  afterMs,
  channel: true,
  maybe: false,
});

/** It may have arrived; under its key it is taken once, however often it is sent. */
const perhaps = (sentence: string, channel: boolean): Outcome => ({
  kind: 'later',
  sentence,
  afterMs: null,
  channel,
  maybe: true,
});
export const refused = (sentence: string): Outcome => ({ kind: 'refused', sentence });

/**
 * What a reply that is not the hoped-for one means, by the rules that all of these services share. `dedupes`: asking
 * again under the same key is safe, so that even what may have arrived is tried again.
 */
export const judge = (who: string, posted: Posted, dedupes: boolean, taken: (reply: Reply) => Outcome): Outcome => {
  if (posted.kind === 'never') return { kind: 'held', sentence: posted.sentence };
  if (posted.kind === 'unsent') return later(`Not sent: ${posted.sentence}`);
  if (posted.kind === 'cut')
    return dedupes ? perhaps(`No answer: ${posted.sentence}`, true) : { kind: 'unsure', sentence: posted.sentence };
  const { reply } = posted;
  // 420 is what Statuspage answers to more than one request a second.
  if (reply.status === 429 || reply.status === 420)
    return later(
      `${who} is asked too often (${reply.status}) and is left alone for a while.`,
      retryAfter(reply) ?? 5_000,
    );
  if (reply.status === 503) return later(`${who} is not available now (503).`, retryAfter(reply));
  if (reply.status >= 500) {
    const sentence = `${who} itself fails (${reply.status}).`;
    return dedupes ? perhaps(sentence, false) : { kind: 'unsure', sentence };
  }
  if (reply.status >= 300 && reply.status < 400)
    return refused(`${who} redirects (${reply.status}); that is not followed. Correct its address.`);
  return taken(reply);
};
