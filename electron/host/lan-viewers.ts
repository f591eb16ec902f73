import { createHash, randomBytes, randomInt, randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { LanGuesses } from '../../shared/lan/contract.ts';
import { openGuesses } from './lan-guesses.ts';
import type { Guest } from './sessions.ts';

const mostViewers = 8;
const codeLivesMs = 10 * 60_000;
/** No letters that are taken for others, on a screen or read out. */
const letters = 'ABCDEFGHJKMNPQRSTVWXYZ23456789';
const codeLength = 8;

export const viewerSchema = z.object({
  id: z.string(),
  /** Hex SHA-256 of the cookie's token. */
  token: z.string(),
  address: z.string(),
  since: z.number(),
});
type Viewer = z.output<typeof viewerSchema>;

export type ViewerPairing = { readonly token: string } | 'wrong' | 'locked' | 'full';

/** Who watches over the link: one code at a time that works once, and the screens it let in. */
export type LanViewers = {
  readonly newCode: () => void;
  readonly code: () => { readonly text: string; readonly ends: number } | null;
  readonly guesses: () => LanGuesses;
  readonly pair: (code: string, address: string) => ViewerPairing;
  readonly callerOf: (token: string) => Guest | null;
  readonly list: () => readonly Viewer[];
  /** Whether a screen that is in came from there. */
  readonly isIn: (address: string) => boolean;
  readonly revoke: (id: string) => void;
};

type Options = {
  readonly now: () => number;
  /** UTC epoch ms. */
  readonly until: number;
  readonly redacted: boolean;
  readonly known: readonly Viewer[];
  /** On disk when it returns, so that screens are let in again after a restart. */
  readonly keep: (viewers: readonly Viewer[]) => void;
};

const hash = (text: string): string => createHash('sha256').update(text).digest('hex');
const plainCode = (text: string): string => text.toUpperCase().replaceAll(/[^A-Z\d]/gv, '');

const mintCode = (): string => {
  const text = Array.from({ length: codeLength }, () => letters[randomInt(letters.length)]).join('');
  return `${text.slice(0, 4)}-${text.slice(4)}`;
};

export const openViewers = ({ now, until, redacted, known, keep }: Options): LanViewers => {
  let viewers = known;
  let code: { readonly text: string; readonly hash: string; readonly ends: number } | null = null;
  const guesses = openGuesses(now);

  const change = (next: readonly Viewer[]): void => {
    viewers = next;
    keep(next);
  };
  const current = (): typeof code => (code !== null && code.ends > now() ? code : null);

  return {
    newCode: () => {
      const text = mintCode();
      code = { text, hash: hash(plainCode(text)), ends: Math.min(until, now() + codeLivesMs) };
    },
    code: () => {
      const standing = current();
      return standing === null ? null : { text: standing.text, ends: standing.ends };
    },
    guesses: guesses.view,
    pair: (given, address) => {
      if (!guesses.open(address)) return 'locked';
      // Compared by hash: how long that takes tells nothing about the code.
      if (current()?.hash !== hash(plainCode(given))) {
        guesses.wrong(address);
        return 'wrong';
      }
      if (viewers.length >= mostViewers) return 'full';
      code = null;
      const token = randomBytes(32).toString('base64url');
      change([...viewers, { id: randomUUID(), token: hash(token), address, since: now() }]);
      return { token };
    },
    callerOf: (token) => {
      const key = hash(token);
      const found = viewers.find((viewer) => viewer.token === key);
      if (found === undefined || until <= now()) return null;
      return {
        id: found.id,
        grant: 'watch',
        via: 'served',
        redacted,
        ends: until,
        operator: () => ({ name: 'Wall', role: null }),
        identify: () => {},
      };
    },
    list: () => viewers,
    isIn: (address) => viewers.some((viewer) => viewer.address === address),
    revoke: (id) => change(viewers.filter((viewer) => viewer.id !== id)),
  };
};
