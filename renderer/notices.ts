import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** A line at the foot of the window: what was refused, or what just happened. */
export type Notice = { readonly id: number; readonly tone: 'fail' | 'stays' | 'none'; readonly text: string };

export type Notices = {
  readonly list: Store<readonly Notice[]>;
  readonly say: (text: string, tone?: Notice['tone']) => void;
  readonly dismiss: (id: number) => void;
};

const shown = 4;
const stayMs = { none: 6_000, stays: 20_000, fail: 20_000 } as const;

/** All go by themselves, a refusal and what nobody asked for only after it could be read twice: it must not lie over the room for ever. */
export const createNotices = (): Notices => {
  const list = createStore<readonly Notice[]>([]);
  let last = 0;
  const dismiss = (id: number): void => list.set(list.get().filter((notice) => notice.id !== id));
  return {
    list,
    dismiss,
    say: (text, tone = 'none') => {
      last += 1;
      const id = last;
      list.set([...list.get().filter((notice) => notice.text !== text), { id, tone, text }].slice(-shown));
      setTimeout(() => dismiss(id), stayMs[tone]);
    },
  };
};
