/** The phase that people work in: the first of `order` whose gate is not behind them; null after the last one. */
export const reachedPhase = (checklist: {
  readonly order: readonly string[];
  readonly closed: ReadonlySet<string>;
}): string | null => checklist.order.find((phase) => !checklist.closed.has(phase)) ?? null;

type Placed = {
  readonly phase: string;
  readonly back: string | null;
  readonly mark: { readonly kind: string; readonly phase: string | null } | null;
};

/** The phase an item belongs to now: a deferred one to the phase it comes back in. */
export const phaseOf = ({ phase, back, mark }: Placed): string =>
  (mark?.kind === 'deferred' ? mark.phase : back) ?? phase;
