import { createHash, randomBytes, randomInt } from 'node:crypto';
import { refuse } from '../../shared/errors.ts';
import { confirmTimes } from '../../shared/rollback/plan.ts';
import type { Clock } from '../clock.ts';

/** An armed rollback: who armed it, from which connection, and since when on the clock that never jumps. */
type Armed = {
  readonly rollback: string;
  readonly plan: string;
  readonly key: string;
  readonly caller: string;
  readonly typed: string;
  readonly since: number;
};

type Code = { readonly rollback: string; readonly lead: string; readonly hash: string; readonly until: number };

/** Lives in memory alone: after a restart nothing is armed and no code is good. */
export type Arming = {
  /** Makes a key that is good once, for this connection, after the hold and before it disarms. */
  readonly arm: (
    rollback: string,
    plan: string,
    caller: string,
    typed: string,
  ) => { readonly secret: string; readonly key: string };
  /** Spends the key. Throws not-allowed or conflict, with what to do. */
  readonly spend: (rollback: string, plan: string, caller: string, secret: string) => Armed;
  readonly armed: () => Armed | null;
  readonly disarm: () => Armed | null;
  /** A code of six digits that the lead reads out; the newest one counts. */
  readonly issue: (rollback: string, lead: string) => { readonly code: string; readonly lastsMs: number };
  /** Who issued the code. Throws not-allowed for a wrong one; after five no code is good any more. */
  readonly redeem: (rollback: string, code: string) => string;
};

const codeMs = 5 * 60_000;
const mostWrong = 5;
/** What a person's hold may fall short by, because the press and the release travel separately. */
const slackMs = 50;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex');
export const createArming = (clock: Clock): Arming => {
  let armed: Armed | null = null;
  let code: Code | null = null;
  let wrong = 0;
  return {
    arm: (rollback, plan, caller, typed) => {
      const secret = randomBytes(32).toString('hex');
      armed = { rollback, plan, key: hashOf(secret), caller, typed, since: clock.monotonic() };
      return { secret, key: armed.key };
    },
    // Another window and too short a hold start nothing and leave it armed for whoever armed it; the rest spends it.
    spend: (rollback, plan, caller, secret) => {
      const own = armed;
      if (own === null || own.key !== hashOf(secret) || own.rollback !== rollback)
        return refuse('conflict', 'This is not armed any more. Arm it again.');
      if (own.caller !== caller) return refuse('not-allowed', 'It was armed in another window; confirm it there.');
      const held = clock.monotonic() - own.since;
      if (held < confirmTimes.holdMs - slackMs)
        return refuse('conflict', `Hold for ${confirmTimes.holdMs / 1_000} s: let go early, nothing was started.`);
      armed = null;
      if (held > confirmTimes.armedMs) return refuse('conflict', 'It was armed too long ago. Arm it again.');
      if (own.plan !== plan)
        return refuse('conflict', 'The plan changed since it was armed. Read it and arm it again.');
      return own;
    },
    armed: () => armed,
    disarm: () => {
      const own = armed;
      armed = null;
      return own;
    },
    issue: (rollback, lead) => {
      const digits = randomInt(0, 1_000_000).toString().padStart(6, '0');
      code = { rollback, lead, hash: hashOf(digits), until: clock.monotonic() + codeMs };
      wrong = 0;
      return { code: digits, lastsMs: codeMs };
    },
    redeem: (rollback, digits) => {
      const own = code;
      if (own === null || own.rollback !== rollback || clock.monotonic() > own.until)
        return refuse('not-allowed', 'No code is good now. The lead can make one on their own screen.');
      if (own.hash !== hashOf(digits.replaceAll(/\s/gu, ''))) {
        wrong += 1;
        if (wrong >= mostWrong) code = null;
        return refuse(
          'not-allowed',
          wrong >= mostWrong ? 'Five wrong codes: ask for a new one.' : 'That is not the code.',
        );
      }
      code = null;
      return own.lead;
    },
  };
};
