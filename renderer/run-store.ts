import type { RunContext } from '../shared/contract.ts';
import type { RunId } from '../shared/events.ts';
import type { Connection } from './client.ts';
import { refusedAs, sentenceOf } from './refusal.ts';
import { emptyView, withEvents, withPast, withTick } from './run-view.ts';
import type { RunView } from './run-view.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

export type RunState =
  | { readonly kind: 'loading' }
  | { readonly kind: 'open'; readonly view: RunView }
  | { readonly kind: 'failed'; readonly sentence: string };

export type RunStore = { readonly state: Store<RunState>; readonly close: () => void };

const retryMs = 1_000;

/** The run went on with another version of its document: the folds have to start from that. */
const isOutdated = ({ room, context }: RunView): boolean => room.movedSeq > (context.moved?.seq ?? 0);

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

/** Runs `job` again and again until the signal: a stream that breaks under a live connection is taken up anew. */
const keep = async (
  job: (signal: AbortSignal) => Promise<void>,
  signal: AbortSignal,
  failed: (error: unknown) => void,
  restMs: () => number,
): Promise<void> => {
  while (!signal.aborted) {
    const attempt = new AbortController();
    const both = AbortSignal.any([signal, attempt.signal]);
    // The loss itself is shown by the connection's own state; here only what the app refused is told.
    await job(both).catch((error: unknown) => !signal.aborted && failed(error));
    attempt.abort();
    await pause(restMs(), signal);
  }
};

/** The room as it was after an entry: folded once, from the whole history, and still. */
export const openPast = (connection: Connection, runId: RunId, at: number): RunStore => {
  const state = createStore<RunState>({ kind: 'loading' });
  const end = new AbortController();
  const read = async (signal: AbortSignal): Promise<void> => {
    const { run } = connection.client;
    let view = emptyView(await run.context({ runId }, { signal }));
    for await (const batch of await run.follow({ runId, after: 0 }, { signal })) {
      view = withPast(view, at, batch);
      state.set({ kind: 'open', view });
    }
  };
  read(end.signal).catch((error: unknown) => {
    if (!end.signal.aborted && state.get().kind === 'loading')
      state.set({ kind: 'failed', sentence: sentenceOf(error) });
  });
  return { state, close: () => end.abort() };
};

/**
 * Follows one run for as long as it is open: the context once, then every event after the last one folded, and live
 * health. A lost connection keeps what was folded; on return it goes on from there, without a gap or a repeat.
 */
export const openRun = (connection: Connection, runId: RunId): RunStore => {
  const state = createStore<RunState>({ kind: 'loading' });
  const { client } = connection;
  let following: AbortController | null = null;

  const failed = (error: unknown): void => {
    if (state.get().kind === 'loading') state.set({ kind: 'failed', sentence: sentenceOf(error) });
  };
  const change = (next: (view: RunView) => RunView): void => {
    const was = state.get();
    if (was.kind === 'open') state.set({ kind: 'open', view: next(was.view) });
  };
  const outdated = (): boolean => {
    const now = state.get();
    return now.kind === 'open' && isOutdated(now.view);
  };
  /** The whole history over the new version, out of sight; live health stays as it is. */
  const again = async (context: RunContext, signal: AbortSignal): Promise<number> => {
    let next = emptyView(context);
    for await (const batch of await client.run.follow({ runId, after: 0 }, { signal })) {
      next = withEvents(next, batch);
      if (next.room.lastSeq >= (context.moved?.seq ?? 0)) break;
    }
    change(({ probes, metrics, points, underWay, healthAt }) => ({
      ...{ ...next, probes, metrics, points, underWay, healthAt },
    }));
    return next.room.lastSeq;
  };
  /** Where the folds stand; the context is asked for once, and again when the run was moved to another version. */
  const begin = async (signal: AbortSignal): Promise<number> => {
    const was = state.get();
    if (was.kind === 'open' && !isOutdated(was.view)) return was.view.room.lastSeq;
    const context = await client.run.context({ runId }, { signal });
    if (was.kind === 'open') return again(context, signal);
    state.set({ kind: 'open', view: emptyView(context) });
    return 0;
  };
  const events = async (after: number, signal: AbortSignal): Promise<void> => {
    for await (const batch of await client.run.follow({ runId, after }, { signal })) {
      change((view) => withEvents(view, batch));
      if (outdated()) return;
    }
  };
  const health = async (signal: AbortSignal): Promise<void> => {
    for await (const tick of await client.metrics.follow({ runId }, { signal })) change((view) => withTick(view, tick));
  };
  /** A closed run has no live health: its refusal is an answer, not a loss. */
  const healthIfAny = (signal: AbortSignal): Promise<void> =>
    health(signal).catch((error: unknown) =>
      refusedAs(error, 'conflict')
        ? new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()))
        : Promise.reject(error),
    );
  const session = async (signal: AbortSignal): Promise<void> => {
    const after = await begin(signal);
    await Promise.race([events(after, signal), healthIfAny(signal)]);
  };
  const follow = (): void => {
    const live = connection.state.get().kind === 'live';
    if (live && following === null) {
      following = new AbortController();
      const { signal } = following;
      void keep(session, signal, failed, () => (outdated() ? 0 : retryMs));
    } else if (!live) {
      following?.abort();
      following = null;
    }
  };
  const unsubscribe = connection.state.subscribe(follow);
  follow();
  return {
    state,
    close: () => {
      unsubscribe();
      following?.abort();
    },
  };
};
