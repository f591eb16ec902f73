import type { LanMode, LanState } from '../shared/lan/contract.ts';
import type { Clock } from './clock.ts';
import type { Log } from './log.ts';
import type { watchingRouter } from './procedures/wall.ts';
import type { Secrets } from './secrets.ts';

/** The network's way to the walls, as the procedures use it; a host brings it in. */
export type LanLink = {
  readonly state: () => LanState;
  /** Throws not-allowed without an open run, bad-input for an address that is not this machine's, in-use where no port can be had. */
  readonly open: (wanted: {
    readonly mode: LanMode;
    readonly address: string;
    readonly hours: number;
  }) => Promise<void>;
  readonly close: () => Promise<void>;
  readonly newCode: () => void;
  readonly revoke: (viewer: string) => void;
  /** Lets go of the port, and keeps what is needed to go on after a restart. */
  readonly shutdown: () => Promise<void>;
};

export type LanDeps = {
  readonly dataDir: string;
  readonly clock: Clock;
  readonly log: Log;
  /** All that goes over the link. */
  readonly watching: ReturnType<typeof watchingRouter>;
  readonly openRuns: () => number;
  /** Where the link's private key is kept, if in a keychain. */
  readonly secrets: Secrets;
};
