import { useEffect } from 'react';
import { serverNow } from '../../now.ts';
import type { RunView } from '../../run-view.ts';
import type { Store } from '../../store.ts';
import { playTone, prepareTone } from './tone.ts';

/** A tone that was due this long (ms) before the window opened is still meant for whoever opened it. */
const justNowMs = 1_000;

/** Sounds once for each event that is worth the tone, and not for those of before this window opened. */
export const useAlarmTone = (view: Store<RunView>): void => {
  useEffect(() => {
    const from = serverNow() - justNowMs;
    let last = 0;
    const listen = (): void => {
      const { tone } = view.get().alarms;
      if (tone.seq <= last) return;
      last = tone.seq;
      if (tone.at >= from) void playTone();
    };
    const unprepare = prepareTone();
    const unsubscribe = view.subscribe(listen);
    listen();
    return () => {
      unsubscribe();
      unprepare();
    };
  }, [view]);
};
