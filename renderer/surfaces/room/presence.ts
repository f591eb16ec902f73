/** Whether somebody has been in front of this window, and since when not: what "you were here" is about. */
export type Presence = {
  readonly seenAt: number;
  /** The interruption to tell about; null when there is none, or it was dismissed. */
  readonly away: { readonly from: number; readonly to: number } | null;
};

const interruptionMs = 60_000;

/** A look at the window at `now`: `here` is false while it is hidden or without connection. A gap between looks counts too (sleep). */
export const looked = (was: Presence, now: number, here: boolean): Presence => {
  if (!here) return was;
  const gap = now - was.seenAt;
  return gap > interruptionMs
    ? { seenAt: now, away: { from: was.away?.from ?? was.seenAt, to: now } }
    : { ...was, seenAt: now };
};
