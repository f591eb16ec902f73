import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import type { Grant } from '../../shared/calls.ts';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { openSettings } from '../store/settings.ts';

const livesMs = 12 * 3_600_000;
/**
 * All browsers and programs of this machine come from one address, so that nobody can be locked out alone. Whoever has
 * the right code is let in however many wrong ones were tried: a code has 256 random bits, and whoever tried a thousand
 * million a second would need longer than the stars have. From the fifth wrong one on, guessing is only told to stop.
 */
const wrongCodes = { most: 5, withinMs: 60_000 };

const session = z.object({
  id: z.string(),
  /** Hex SHA-256 of the cookie's token: the file is no key to the room. */
  token: z.string(),
  grant: z.enum(['watch', 'operate']),
  /** UTC epoch ms. */
  ends: z.number(),
  name: z.string(),
  role: z.string().nullable(),
});
type Session = z.output<typeof session>;

/** A caller with the end of their time, UTC epoch ms. */
export type Guest = Caller & { readonly ends: number };

export type Pairing = { readonly token: string; readonly maxAgeS: number } | 'wrong' | 'locked';

/** Who may come in: codes that work once, and the sessions they were exchanged for, which outlive a restart. */
export type Sessions = {
  /** A new code of 32 random bytes for the fragment of an address. */
  readonly mint: (grant: Grant) => string;
  /** A right code always; after five wrong ones within a minute each further wrong one is "locked", and logged once. */
  readonly pair: (code: string) => Pairing;
  /** Whose cookie this is; null once it ended. */
  readonly callerOf: (token: string) => Guest | null;
};

const hash = (secret: string): string => createHash('sha256').update(secret).digest('hex');
const secret = (): string => randomBytes(32).toString('base64url');

export const openSessions = (dataDir: string, operator: string, clock: Clock, log: Log): Sessions => {
  const file = openSettings(
    join(dataDir, 'sessions.json'),
    z.object({ sessions: z.array(session) }),
    { sessions: [] },
    log,
  );
  // Codes live with this process: after a restart a new one is printed anyway.
  const codes = new Map<string, { readonly grant: Grant; readonly ends: number }>();
  // One caller a session, so that a name given in one tab holds in all of them.
  const callers = new Map<string, Guest>();
  let wrong: number[] = [];

  const standing = (): Session[] => file.get('sessions').filter(({ ends }) => ends > clock.now());
  const named = (id: string, name: string, role: string | null): void =>
    file.remember(
      'sessions',
      standing().map((own) => (own.id === id ? { ...own, name, role } : own)),
    );

  const callerFor = ({ id, grant, ends, ...person }: Session): Guest => {
    let now: ReturnType<Caller['operator']> = { name: person.name, role: person.role };
    return {
      id,
      grant,
      ends,
      via: 'served',
      operator: () => now,
      identify: (name, role) => {
        now = { name, role };
        named(id, name, role);
      },
    };
  };

  const refuse = (now: number): 'wrong' | 'locked' => {
    wrong = wrong.filter((at) => at > now - wrongCodes.withinMs);
    if (wrong.length >= wrongCodes.most) return 'locked';
    wrong.push(now);
    if (wrong.length === wrongCodes.most)
      log.info(
        'Wrong pairing codes came from this machine, five within a minute. Whoever has the right one still comes in.',
      );
    return 'wrong';
  };

  return {
    mint: (grant) => {
      const code = secret();
      codes.set(hash(code), { grant, ends: clock.now() + livesMs });
      return code;
    },
    pair: (code) => {
      const now = clock.now();
      // Looked up by hash: how long that takes tells nothing about a code.
      const found = codes.get(hash(code));
      codes.delete(hash(code));
      if (found === undefined || found.ends <= now) return refuse(now);
      const token = secret();
      const { grant } = found;
      const made = { id: randomUUID(), token: hash(token), grant, ends: now + livesMs, name: operator, role: null };
      // Also on a full disk: nobody could look at the room otherwise.
      file.remember('sessions', [...standing(), made]);
      return { token, maxAgeS: livesMs / 1_000 };
    },
    callerOf: (token) => {
      const key = hash(token);
      const known = callers.get(key);
      if (known !== undefined && known.ends > clock.now()) return known;
      callers.delete(key);
      const found = standing().find((own) => own.token === key);
      if (found === undefined) return null;
      const caller = callerFor(found);
      callers.set(key, caller);
      return caller;
    },
  };
};
