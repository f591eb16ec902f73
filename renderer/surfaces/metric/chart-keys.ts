import { moved, zoomed } from './range.ts';
import type { Range, Span } from './range.ts';

/** Where to from a stretch of what there is. */
type Step = (shown: Range, bounds: Range) => Span;

const to =
  (change: (range: Range, bounds: Range) => Range): Step =>
  (shown, bounds) => ({ kind: 'chosen', ...change(shown, bounds) });

const dayMs = 24 * 3_600_000;

/** The keys of a chart that has the focus, as data: the help shows the same list that they obey. */
export const chartKeys = [
  { keys: ['+', '=', 'ArrowUp'], shown: '+ ↑', label: 'Closer', step: to((range, all) => zoomed(range, 0.5, all)) },
  { keys: ['-', '_', 'ArrowDown'], shown: '− ↓', label: 'Further', step: to((range, all) => zoomed(range, 2, all)) },
  { keys: ['ArrowLeft'], shown: '←', label: 'Earlier', step: to((range, all) => moved(range, -0.25, all)) },
  { keys: ['ArrowRight'], shown: '→', label: 'Later', step: to((range, all) => moved(range, 0.25, all)) },
  { keys: ['Home'], shown: 'Home', label: 'Whole run', step: () => ({ kind: 'last', ms: null }) },
  { keys: ['End', '0'], shown: 'End', label: 'Last day, up to now', step: () => ({ kind: 'last', ms: dayMs }) },
] as const satisfies readonly {
  readonly keys: readonly string[];
  readonly shown: string;
  readonly label: string;
  readonly step: Step;
}[];

/** The stretch that a key leads to; null where the key is none of a chart's. */
export const chartStep = (key: string, shown: Range, bounds: Range): Span | null =>
  chartKeys.find(({ keys }) => (keys as readonly string[]).includes(key))?.step(shown, bounds) ?? null;
