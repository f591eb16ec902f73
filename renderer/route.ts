import type { RunId } from '../shared/events.ts';
import { sheetKinds } from '../shared/sheet/model.ts';
import type { SheetKind } from '../shared/sheet/model.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** Which surface the address asks for. In the fragment, so that a reload stays and no host has to know the paths. */
export type Route =
  | { readonly surface: 'runs' }
  /** `at` is the entry up to which the past is shown; null: as it is now. */
  | { readonly surface: 'room'; readonly runId: RunId; readonly at: number | null }
  /** The documents of a run, or null: those that are chosen for the next one. */
  | { readonly surface: 'target'; readonly runId: RunId | null }
  | { readonly surface: 'wall' }
  /** What the printer gets of a run, or null: of the checklist that is chosen for the next one. */
  | { readonly surface: 'sheet'; readonly runId: RunId | null; readonly sheet: SheetKind }
  | { readonly surface: 'gallery' };

/** "#sheet=RUN&show=record"; without a run "#sheet". */
const sheetIn = (hash: string): Route | null => {
  const found = /^#sheet(?:=([^&]+))?(?:&show=([a-z\-]+))?$/v.exec(hash);
  if (found === null) return null;
  const [, of, show] = found;
  const sheet = sheetKinds.find((kind) => kind === show) ?? 'checklist';
  return { surface: 'sheet', runId: of === undefined ? null : (decodeURIComponent(of) as RunId), sheet };
};

const read = (): Route => {
  if (new URLSearchParams(location.search).has('gallery') || location.pathname === '/gallery')
    return { surface: 'gallery' };
  const target = /^#target(?:=(.+))?$/.exec(location.hash);
  if (target !== null) {
    const [, of] = target;
    return { surface: 'target', runId: of === undefined ? null : (decodeURIComponent(of) as RunId) };
  }
  if (new URLSearchParams(location.hash.slice(1)).has('wall')) return { surface: 'wall' };
  const sheet = sheetIn(location.hash);
  if (sheet !== null) return sheet;
  const [, run, at] = /^#run=([^&]+)(?:&at=(\d{1,15}))?$/.exec(location.hash) ?? [];
  return run === undefined
    ? { surface: 'runs' }
    : { surface: 'room', runId: decodeURIComponent(run) as RunId, at: at === undefined ? null : Number(at) };
};

export const createRoute = (): Store<Route> => {
  const route = createStore(read());
  addEventListener('hashchange', () => route.set(read()));
  return route;
};

export const goToRun = (runId: RunId): void => void (location.hash = `run=${encodeURIComponent(runId)}`);
/** The room as it was after an entry of the log. */
export const goToPast = (runId: RunId, seq: number): void =>
  void (location.hash = `run=${encodeURIComponent(runId)}&at=${seq}`);
export const goToTarget = (runId: RunId | null): void =>
  void (location.hash = runId === null ? 'target' : `target=${encodeURIComponent(runId)}`);
export const goToSheet = (runId: RunId | null, sheet: SheetKind): void =>
  void (location.hash = `sheet${runId === null ? '' : `=${encodeURIComponent(runId)}`}&show=${sheet}`);
export const goToRuns = (): void => void (location.hash = '');
