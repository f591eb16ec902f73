import { WarRoomError } from '../../shared/errors.ts';
import type { Check } from '../../shared/rollback/plan.ts';

export type Found = { readonly state: Check['state']; readonly sentence: string };

export const good = (sentence: string): Found => ({ state: 'ok', sentence });
export const doubtful = (sentence: string): Found => ({ state: 'warn', sentence });
export const bad = (sentence: string): Found => ({ state: 'fail', sentence });

/** Collects answers as they come. A refusal on the way is a failed check with its sentence; a bug stays a bug. */
export type Checks = {
  /** Looks, writes the answer down and hands on what it found; null where it failed. */
  readonly look: <T>(
    id: string,
    label: string,
    find: () => Promise<readonly [found: Found, value: T]>,
  ) => Promise<T | null>;
  /** In the order in which they were asked for. */
  readonly all: () => readonly Check[];
};

export const startChecks = (): Checks => {
  const asked: { readonly id: string; check: Check | null }[] = [];
  const said = (id: string, label: string, { state, sentence }: Found, tookMs: number): Check => ({
    id,
    state,
    label: label.slice(0, 300),
    sentence: sentence.slice(0, 4_000),
    tookMs: Math.round(tookMs),
  });
  return {
    look: async (id, label, find) => {
      const place: { readonly id: string; check: Check | null } = { id, check: null };
      asked.push(place);
      const began = performance.now();
      try {
        const [found, value] = await find();
        place.check = said(id, label, found, performance.now() - began);
        return found.state === 'fail' ? null : value;
      } catch (cause) {
        if (!(cause instanceof WarRoomError)) throw cause;
        place.check = said(id, label, bad(cause.message), performance.now() - began);
        return null;
      }
    },
    all: () => asked.flatMap(({ check }) => check ?? []),
  };
};
