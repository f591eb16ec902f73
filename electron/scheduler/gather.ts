import type { Clock } from '../clock.ts';

type Options<T> = {
  readonly clock: Pick<Clock, 'monotonic'>;
  /** Groups are handed on no closer to each other than this. */
  readonly everyMs: number;
  readonly take: (group: readonly T[]) => void;
};

/** What is asked together is answered within a few ms; whoever looks at a tile waits for no more than this. */
const soonMs = 15;

/** Makes groups of what comes in, because taking it in costs more a group than a piece; the first after a pause is not kept waiting. */
export const createGather = <T>({ clock, everyMs, take }: Options<T>) => {
  let group: T[] = [];
  let timer: NodeJS.Timeout | null = null;
  let lastAt = -Infinity;
  const hand = (): void => {
    timer = null;
    lastAt = clock.monotonic();
    const whole = group;
    group = [];
    take(whole);
  };
  return {
    add: (one: T): void => {
      group.push(one);
      timer ??= setTimeout(hand, Math.min(everyMs, Math.max(soonMs, lastAt + everyMs - clock.monotonic())));
    },
    /** What is not handed on yet is dropped. */
    close: (): void => {
      if (timer !== null) clearTimeout(timer);
      group = [];
    },
  };
};
