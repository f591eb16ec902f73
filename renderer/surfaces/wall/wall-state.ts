import type { RunId } from '../../../shared/events.ts';
import type { WallFrame } from '../../../shared/wall/contract.ts';
import type { Ending } from '../../../shared/wall/endings.ts';
import type { WallHead } from '../../../shared/wall/head.ts';
import type { WallTile } from '../../../shared/wall/tiles.ts';
import { createStore } from '../../store.ts';
import type { Store } from '../../store.ts';
import { followClock } from './desk-clock.ts';
import { listenForSilence } from './silence.ts';
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
 * live      the desk is heard
 * stale     it fell silent: what is shown was true at `shown.at`
 * refused   this browser is not let in
 * ended     the desk let it go, or its time was over
 */
export type WallState = {
  readonly kind: 'opening' | 'live' | 'stale' | 'refused' | 'ended';
  readonly shown: WallShown | null;
  readonly sentence: string;
  readonly why: Ending | null;
  /** Of a stale one: the desk is heard again, but not yet for long enough. */
  readonly unsteady: boolean;
  /** After a gap: how long it was, and how much happened meanwhile; null where the desk did not notice it either. */
  readonly back: { readonly at: number; readonly awayMs: number; readonly missed: number | null } | null;
};

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

export const opening: WallState = {
  ...{ kind: 'opening', shown: null, sentence: '' },
  ...{ why: null, unsteady: false, back: null },
};

/** Follows a run, or with null the newest open one, for as long as the page is open. */
export const openWall = (run: RunId | null): Store<WallState> => {
  const state = createStore(opening);
  const follow = followClock();
  let lastAt = 0;
  /** The gap that is not over yet: since when by the desk's clock, and how much of it the desk has counted. */
  let gap: { readonly at: number; readonly missed: number | null } | null = null;

  /** From here on what is shown was true at its last beat. */
  const fall = (change: Pick<WallState, 'kind'> & Partial<WallState>): void => {
    const { shown, ...was } = state.get();
    if (shown !== null) gap ??= { at: lastAt, missed: null };
    state.set({ ...was, unsteady: false, shown: shown === null ? null : { ...shown, at: lastAt }, ...change });
  };
  const hears = listenForSilence(() => {
    if (state.get().kind === 'live' || state.get().kind === 'stale') fall({ kind: 'stale' });
  });
  /** Nobody is told of a beat that changes nothing: it draws nothing anew. */
  const heard = (at: number, shown: WallShown | null): void => {
    follow(at);
    lastAt = at;
    const was = state.get();
    const unsteady = hears() === 'unsteady';
    const kind = unsteady ? 'stale' : 'live';
    if (shown === was.shown && kind === was.kind && unsteady === was.unsteady) return;
    const over = !unsteady && gap !== null ? { at, awayMs: at - gap.at, missed: gap.missed } : null;
    if (!unsteady) gap = null;
    state.set({ ...opening, kind, shown, unsteady, back: over ?? was.back });
  };
  linkWall(
    () => {
      const shown = state.get().shown;
      // What another run's events were numbered says nothing here.
      return { run, after: shown?.seq ?? 0 };
    },
    {
      frame: (frame, first) => {
        if (gap !== null && first) gap = { ...gap, missed: (gap.missed ?? 0) + frame.missed };
        heard(frame.at, withFrame(state.get().shown, frame));
      },
      beat: (at) => heard(at, state.get().shown),
      refused: (sentence) => fall({ kind: 'refused', sentence }),
      ended: (why) => state.set({ ...state.get(), kind: 'ended', why }),
    },
  );
  return state;
};
