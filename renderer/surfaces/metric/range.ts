/** A stretch of time to look at, in UTC epoch ms. */
export type Range = { readonly from: number; readonly to: number };

/** What is looked at: up to now, or since the run began (`ms` null), or a stretch that a person chose. */
export type Span = { readonly kind: 'last'; readonly ms: number | null } | ({ readonly kind: 'chosen' } & Range);

/** Narrower than this there is nothing to see: probes ask once a second at most. */
const leastMs = 5_000;

/** The part of `bounds` that a stretch covers; never narrower than five seconds where there is as much. */
const within = (range: Range, bounds: Range): Range => {
  const length = Math.min(Math.max(range.to - range.from, leastMs), bounds.to - bounds.from);
  const from = Math.min(Math.max(range.from, bounds.from), bounds.to - length);
  return { from, to: from + length };
};

/** Half or twice as much around the middle; below 1 is closer. */
export const zoomed = ({ from, to }: Range, factor: number, bounds: Range): Range => {
  const middle = (from + to) / 2;
  const half = ((to - from) / 2) * factor;
  return within({ from: middle - half, to: middle + half }, bounds);
};

/** The same length, moved by a part of itself. */
export const moved = ({ from, to }: Range, part: number, bounds: Range): Range => {
  const by = (to - from) * part;
  return within({ from: from + by, to: to + by }, bounds);
};

export const chosen = (a: number, b: number, bounds: Range): Range =>
  within({ from: Math.min(a, b), to: Math.max(a, b) }, bounds);

/** What a span means at a moment; nothing lies before the run. */
export const rangeOf = (span: Span, bounds: Range): Range =>
  span.kind === 'chosen'
    ? within(span, bounds)
    : { from: span.ms === null ? bounds.from : Math.max(bounds.from, bounds.to - span.ms), to: bounds.to };
