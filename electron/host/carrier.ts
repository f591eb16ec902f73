import { StandardRPCHandler } from '@orpc/server/standard';
import { createServerPeerHandleRequestFn } from '@orpc/server/standard-peer';
import { ServerPeer } from '@orpc/standard-server-peer';
import type { EncodedMessage } from '@orpc/standard-server-peer';
import type { Caller } from '../caller.ts';
import type { Engine } from '../engine.ts';

/** One connection to one window, whatever it is made of. */
export type Carrier = {
  /** Resolves when the other end may be sent more: streams are asked for their next message only then. */
  readonly send: (message: EncodedMessage) => Promise<void>;
  readonly onMessage: (listener: (message: EncodedMessage) => void) => void;
  readonly onClose: (listener: () => void) => void;
  readonly end: () => void;
};

/** What is served over a carrier: the whole room, or to walls the one procedure that looks. */
export type Served = { readonly router: Engine['router'] | Engine['watching']; readonly log: Engine['log'] };

/**
 * Serves the room over a carrier. oRPC's own adapters leave a message that they can't read to the process' handler of
 * unhandled rejections, which ends the process; here it ends the connection of whoever sent it, and nothing else.
 */
export const carry = ({ router, log }: Served, caller: Caller, carrier: Carrier): void => {
  const handle = createServerPeerHandleRequestFn(new StandardRPCHandler(router), { context: { caller, log } });
  const peer = new ServerPeer(carrier.send);
  const take = async (message: EncodedMessage): Promise<void> => {
    let understood = false;
    try {
      await peer.message(message, (request) => {
        understood = true;
        return handle(request);
      });
    } catch (cause) {
      log.error(understood ? 'an answer could not be sent' : 'a window sent what is no message and was let go', cause);
      if (!understood) carrier.end();
    }
  };
  carrier.onMessage((message) => void take(message));
  carrier.onClose(() => peer.close());
};
