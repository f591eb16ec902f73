import { useEffect, useRef } from 'react';
import { serverNow } from '../../now.ts';
import { useRoom, useRun } from '../room/room-context.tsx';

/** A picture taken later than this would not show how the room looked at the baseline. */
const freshMs = 60_000;

/**
 * Keeps a picture of the room with every baseline that is taken while a window is open: the desktop takes it of the window, a
 * served page draws it. Of several windows the first one's is kept.
 */
export const useBaselinePicture = (): void => {
  const { actions, operates, view } = useRoom();
  const wanted = useRun(({ verdicts }) => {
    const last = verdicts.baselines.at(-1);
    return last === undefined || verdicts.pictures.has(last.seq) ? null : last.seq;
  });
  const tried = useRef(new Set<number>());
  useEffect(() => {
    const taken = view.get().verdicts.baselines.find(({ seq }) => seq === wanted);
    if (!operates || taken === undefined || tried.current.has(taken.seq)) return;
    tried.current.add(taken.seq);
    if (serverNow() - taken.at < freshMs) void actions.keepPicture(taken.seq);
  }, [actions, operates, view, wanted]);
};
