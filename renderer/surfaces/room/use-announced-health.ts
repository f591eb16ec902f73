import { useEffect } from 'react';
import { useApp } from '../../app-context.ts';
import type { TimelineEntry } from '../../../shared/projections/timeline.ts';
import type { RunView } from '../../run-view.ts';
import type { Store } from '../../store.ts';

const spoken: readonly TimelineEntry['topic'][] = ['alarm', 'health', 'clock'];

/** Says to screen readers what changed in the run since the window opened it: alarms urgently, the rest politely. */
export const useAnnouncedHealth = (view: Store<RunView>): void => {
  const { announcer } = useApp();
  useEffect(() => {
    let last = view.get().timeline.at(-1)?.seq ?? Number.POSITIVE_INFINITY;
    return view.subscribe(() => {
      const { timeline } = view.get();
      const newest = timeline.at(-1)?.seq ?? 0;
      // The first batch is the past: it is read on the screen, not spoken.
      if (last === Number.POSITIVE_INFINITY) last = newest;
      for (const entry of timeline)
        if (entry.seq > last && spoken.includes(entry.topic))
          announcer.announce(entry.text, entry.topic === 'alarm' && entry.tone === 'fail');
      last = Math.max(last, newest);
    });
  }, [view, announcer]);
};
