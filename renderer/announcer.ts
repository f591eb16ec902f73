import { createStore } from './store.ts';
import type { Store } from './store.ts';

export type Announcement = { readonly urgent: boolean; readonly text: string };

export type Announcer = {
  readonly spoken: Store<Announcement>;
  readonly announce: (text: string, urgent?: boolean) => void;
};

const everyMs = 5_000;

/** What waited, as one announcement: the urgent first, and a count for the rest. */
export const aggregate = (waiting: readonly Announcement[]): Announcement => {
  const urgent = waiting.filter((one) => one.urgent);
  const first = [...urgent, ...waiting.filter((one) => !one.urgent)].slice(0, 3).map((one) => one.text);
  const more = waiting.length - first.length;
  return { urgent: urgent.length > 0, text: `${first.join('. ')}${more > 0 ? `. And ${more} more changes.` : '.'}` };
};

/** Says changes to screen readers, together and at most once in 5 s: a flood never talks over itself. */
export const createAnnouncer = (): Announcer => {
  const spoken = createStore<Announcement>({ urgent: false, text: '' });
  let waiting: readonly Announcement[] = [];
  let timer: ReturnType<typeof setTimeout> | null = null;
  const speak = (): void => {
    timer = null;
    if (waiting.length === 0) return;
    spoken.set(aggregate(waiting));
    waiting = [];
    timer = setTimeout(speak, everyMs);
  };
  return {
    spoken,
    announce: (text, urgent = false) => {
      waiting = [...waiting.filter((one) => one.text !== text), { urgent, text }];
      timer ??= setTimeout(speak, 0);
    },
  };
};
