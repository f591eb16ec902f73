import type { Clock } from '../clock.ts';

/** Things that are due in slots of equal length, woken with one timer for all of a slot. */
export type Grid<T> = {
  /** The slot that now falls in; slot 0 began when the grid was made. */
  readonly now: () => number;
  /** When a slot begins, on the monotonic clock. */
  readonly startOf: (slot: number) => number;
  readonly plan: (item: T, slot: number) => void;
  readonly unplan: (item: T) => void;
  readonly close: () => void;
};

export type Due<T> = { readonly item: T; readonly slot: number };

/** Node turns a timer beyond 24 days into one of a millisecond; waking up for nothing now and then costs nothing. */
const longest = 60_000;

type Options<T> = {
  readonly clock: Clock;
  readonly gridMs: number;
  /** What is due by now, each once, however long ago its slot was. */
  readonly onWake: (due: readonly Due<T>[], now: number) => void;
};

export const createGrid = <T>({ clock, gridMs, onWake }: Options<T>): Grid<T> => {
  const slots = new Map<number, Set<T>>();
  const slotOf = new Map<T, number>();
  const origin = clock.monotonic();
  let timer: NodeJS.Timeout | null = null;
  let timerSlot = Infinity;
  let closed = false;

  const now = (): number => Math.floor((clock.monotonic() - origin) / gridMs);
  const startOf = (slot: number): number => origin + slot * gridMs;

  const wakeAt = (slot: number): void => {
    if (closed || (timer !== null && timerSlot <= slot)) return;
    if (timer !== null) clearTimeout(timer);
    timerSlot = slot;
    timer = setTimeout(wake, Math.min(longest, Math.max(0, Math.ceil(startOf(slot) - clock.monotonic()))));
  };
  const wake = (): void => {
    timer = null;
    const slot = now();
    const due: Due<T>[] = [];
    for (const [planned, items] of slots) {
      if (planned > slot) continue;
      slots.delete(planned);
      for (const item of items) {
        slotOf.delete(item);
        due.push({ item, slot: planned });
      }
    }
    onWake(due, slot);
    if (slots.size > 0) wakeAt(Math.min(...slots.keys()));
  };

  return {
    now,
    startOf,
    plan: (item, slot) => {
      slots.set(slot, (slots.get(slot) ?? new Set()).add(item));
      slotOf.set(item, slot);
      wakeAt(slot);
    },
    unplan: (item) => {
      const slot = slotOf.get(item);
      if (slot === undefined) return;
      slotOf.delete(item);
      slots.get(slot)?.delete(item);
      if (slots.get(slot)?.size === 0) slots.delete(slot);
    },
    close: () => {
      closed = true;
      if (timer !== null) clearTimeout(timer);
    },
  };
};
