import type { RunId } from '../../../shared/events.ts';
import type { WallFrame } from '../../../shared/wall/contract.ts';
import type { Ending } from '../../../shared/wall/endings.ts';
import type { WallHead } from '../../../shared/wall/head.ts';
import type { WallTile } from '../../../shared/wall/tiles.ts';
import { setClockOffset, serverNow } from '../../now.ts';
import { createStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import { linkWall } from './wall-link.ts';

/** What a wall knows of its run. */
export type WallShown = {
  readonly runId: RunId | null;
  readonly seq: number;
  readonly head: WallHead | null;
  readonly tiles: readonly WallTile[];
  readonly muted: boolean;
  readonly redacted: boolean;
  /** When this was true, by the desk's clock. */
  readonly at: number;
};

/**
 * opening   nothing has come yet
 * live      frames come
 * stale     they stopped: what is shown was true at `shown.at`
 * refused   this browser is not let in
 * ended     the desk let it go, or its time was over
 */
export type WallState = {
  readonly kind: 'opening' | 'live' | 'stale' | 'refused' | 'ended';
  readonly shown: WallShown | null;
  readonly sentence: string;
  readonly why: Ending | null;
  /** After a gap: how long it was, and how much happened meanwhile. */
  readonly back: { readonly at: number; readonly awayMs: number; readonly missed: number } | null;
};

/** Silence of more than three beats. A lost connection makes it stale at once. */
const silentMs = 3_500;
const lookMs = 250;

const none: WallShown = { runId: null, seq: 0, head: null, tiles: [], muted: false, redacted: false, at: 0 };

/** Takes one frame: what it leaves out is as before, unless it is of another run. */
export const withFrame = (was: WallShown | null, frame: WallFrame): WallShown => {
  const base = was !== null && was.runId === frame.runId ? was : none;
  const fresh = new Map(frame.tiles.map((tile) => [tile.id, tile]));
  const known = base.tiles.map((tile) => {
    const next = fresh.get(tile.id) ?? tile;
    fresh.delete(tile.id);
    return next;
  });
  const { runId, seq, muted, redacted, at } = frame;
  return {
    ...{ runId, seq, muted, redacted, at },
    head: frame.head ?? base.head,
    tiles: frame.tiles.length === 0 ? base.tiles : [...known, ...fresh.values()],
  };
};

const followClock = (at: number): void => {
  if (Math.abs(serverNow() - at) > 300) setClockOffset(at - Date.now());
};

export type WallFeed = { readonly state: Store<WallState>; readonly close: () => void };

/** Follows a run, or with null the newest open one, for as long as the page is open. */
export const openWall = (run: RunId | null): WallFeed => {
  const state = createStore<WallState>({ kind: 'opening', shown: null, sentence: '', why: null, back: null });
  let heardAt = performance.now();

  const frame = (frame: WallFrame): void => {
    const was = state.get();
    heardAt = performance.now();
    followClock(frame.at);
    const away = was.kind === 'live' || was.shown === null ? null : frame.at - was.shown.at;
    const back = away === null ? was.back : { at: frame.at, awayMs: away, missed: frame.missed };
    state.set({ kind: 'live', shown: withFrame(was.shown, frame), sentence: '', why: null, back });
  };
  const stale = (): void => {
    if (state.get().kind === 'live') state.set({ ...state.get(), kind: 'stale' });
  };
  const link = linkWall(
    () => {
      const shown = state.get().shown;
      // What another run's events were numbered says nothing here.
      return { run, after: shown?.seq ?? 0 };
    },
    {
      frame,
      lost: stale,
      refused: (sentence) => state.set({ ...state.get(), kind: 'refused', sentence }),
      ended: (why) => state.set({ ...state.get(), kind: 'ended', why }),
    },
  );
  const watch = setInterval(() => {
    if (performance.now() - heardAt > silentMs) stale();
  }, lookMs);
  return {
    state,
    close: () => {
      clearInterval(watch);
      link.close();
    },
  };
};
