import type { RunId } from '../shared/events.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** Which surface the address asks for. In the fragment, so that a reload stays and no host has to know the paths. */
export type Route =
  | { readonly surface: 'runs' }
  | { readonly surface: 'room'; readonly runId: RunId }
  /** The documents of a run, or null: those that are chosen for the next one. */
  | { readonly surface: 'target'; readonly runId: RunId | null }
  /** A run on a wall; null follows the newest open one. */
  | { readonly surface: 'wall'; readonly runId: RunId | null }
  | { readonly surface: 'gallery' };

const read = (): Route => {
  if (new URLSearchParams(location.search).has('gallery') || location.pathname === '/gallery')
    return { surface: 'gallery' };
  const target = /^#target(?:=(.+))?$/.exec(location.hash);
  if (target !== null) {
    const [, of] = target;
    return { surface: 'target', runId: of === undefined ? null : (decodeURIComponent(of) as RunId) };
  }
  const parts = new URLSearchParams(location.hash.slice(1));
  if (parts.has('wall')) {
    const of = parts.get('wall') ?? '';
    return { surface: 'wall', runId: of === '' ? null : (of as RunId) };
  }
  const run = /^#run=(.+)$/.exec(location.hash)?.[1];
  return run === undefined ? { surface: 'runs' } : { surface: 'room', runId: decodeURIComponent(run) as RunId };
};

export const createRoute = (): Store<Route> => {
  const route = createStore(read());
  addEventListener('hashchange', () => route.set(read()));
  return route;
};

export const goToRun = (runId: RunId): void => void (location.hash = `run=${encodeURIComponent(runId)}`);
export const goToTarget = (runId: RunId | null): void =>
  void (location.hash = runId === null ? 'target' : `target=${encodeURIComponent(runId)}`);
export const goToRuns = (): void => void (location.hash = '');
