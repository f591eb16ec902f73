import type { Grant } from '../shared/calls.ts';
import type { Actor } from '../shared/events.ts';
import type { WindowPowers } from './powers.ts';

/**
 * The other end of one connection. The host makes it when the connection opens, from the cookie or the window, and the
 * procedures take `by` from here: nothing a window sends can change who it is counted as, but `identify`.
 */
export type Caller = {
  readonly id: string;
  readonly grant: Grant;
  readonly via: 'desk' | 'served';
  /** Set where the way to it is open to everybody: names and free words are left out of what it is sent. */
  readonly redacted?: boolean;
  readonly operator: () => { readonly name: string; readonly role: string | null };
  readonly identify: (name: string, role: string | null) => void;
  /** What the desktop does for the window at the other end; none for a served page. */
  readonly window?: WindowPowers;
};

export const actorOf = (caller: Caller): Actor => ({ kind: 'person', ...caller.operator(), via: caller.via });
