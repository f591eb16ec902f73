import type { LanGuesses } from '../../shared/lan/contract.ts';
import { whoseOf } from './lan-address.ts';

const withinMs = 60_000;
/**
 * Wrong codes within a minute. After `ofOne` an address is not listened to, and nobody else pays for it. Where many guess
 * at once, each address has one try a minute from `ofAll` on, and none has from `ever` on: with eight letters of thirty
 * that is one chance in sixty million for each code.
 */
const most = { ofOne: 5, ofAll: 60, ever: 1_000 } as const;

export type Guesses = {
  /** Whether a code from there is looked at now. */
  readonly open: (address: string) => boolean;
  readonly wrong: (address: string) => void;
  readonly view: () => LanGuesses;
};

export const openGuesses = (now: () => number): Guesses => {
  let wrong: readonly { readonly at: number; readonly whose: string }[] = [];
  const recent = (): typeof wrong => (wrong = wrong.filter(({ at }) => at > now() - withinMs));
  const crowd = (all: typeof wrong): LanGuesses['crowd'] =>
    all.length >= most.ever ? 'closed' : all.length >= most.ofAll ? 'slowed' : 'none';
  return {
    open: (address) => {
      const all = recent();
      const whose = whoseOf(address);
      const own = all.filter((guess) => guess.whose === whose).length;
      return { none: own < most.ofOne, slowed: own < 1, closed: false }[crowd(all)];
    },
    wrong: (address) => {
      wrong = [...recent(), { at: now(), whose: whoseOf(address) }];
    },
    view: () => {
      const all = recent();
      const counts = Map.groupBy(all, ({ whose }) => whose);
      const locked = [...counts].filter(([, own]) => own.length >= most.ofOne).map(([whose]) => whose);
      return { addresses: locked.slice(0, 8), crowd: crowd(all) };
    },
  };
};
