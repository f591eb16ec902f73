import { useEffect, useRef, useState } from 'react';
import { useStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import { createPlayer, soundOf } from './sound.ts';
import type { WallShown, WallState } from './wall-state.ts';

/** Plays what changed, unless this screen or the desk is silent. Returns what to say about it; nothing where it sounds. */
export const useSound = (feed: Store<WallState>, wanted: boolean): string => {
  const player = useRef(createPlayer());
  const [allowed, setAllowed] = useState(false);
  const muted = useStore(feed, ({ shown }) => shown?.muted === true);
  useEffect(() => {
    let was: WallShown | null = feed.get().shown;
    const heard = (): void => {
      const { shown, kind } = feed.get();
      const sound = shown === null || kind !== 'live' ? null : soundOf(was, shown);
      was = shown;
      if (sound !== null && wanted && shown?.muted === false) player.current.play(sound);
    };
    return feed.subscribe(heard);
  }, [feed, wanted]);
  useEffect(() => {
    if (!wanted) return;
    const look = (): void => setAllowed(player.current.allowed());
    const wake = (): void => {
      player.current.wake();
      setTimeout(look, 200);
    };
    look();
    addEventListener('keydown', wake);
    addEventListener('pointerdown', wake);
    return () => {
      removeEventListener('keydown', wake);
      removeEventListener('pointerdown', wake);
    };
  }, [wanted]);
  if (!wanted) return 'sound off';
  if (muted) return 'muted at the desk';
  return allowed ? '' : 'press a key for sound';
};
