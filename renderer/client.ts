import { createORPCClient, DynamicLink } from '@orpc/client';
import type { Client, Hello } from '../shared/contract.ts';
import { onHandedPort, portCarrier, socketCarrier } from './carriers.ts';
import type { Carrier } from './carriers.ts';
import { setClockOffset } from './now.ts';
import { pairOnce, whyRefused } from './pairing.ts';
import { createStore } from './store.ts';
import type { Store } from './store.ts';

/** How this window stands with the app. `refused` says in `sentence` what a person can do. */
export type LinkState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live'; readonly hello: Hello }
  | { readonly kind: 'lost'; readonly since: number; readonly hello: Hello | null }
  | { readonly kind: 'refused'; readonly sentence: string };

export type Connection = {
  readonly client: Client;
  readonly state: Store<LinkState>;
  /** Takes the answer of `desk.identify`, so that every surface shows the new name. */
  readonly greeted: (hello: Hello) => void;
  readonly start: () => void;
  /** Tries again at once. */
  readonly retry: () => void;
};

const waits = [0, 250, 500, 1_000, 2_000] as const;
const heartbeatMs = 10_000;

const createClient = (current: () => Carrier | null): Client =>
  createORPCClient(
    new DynamicLink(() => {
      const carrier = current();
      if (carrier === null) throw new Error('Not connected to War Room: nothing was sent.');
      return carrier.link;
    }),
  );

/** Keeps one carrier up, for ever: whoever reads `state` sees each loss and each return. */
const keepUp = (state: Store<LinkState>, hold: (carrier: Carrier | null) => void, client: Client) => {
  let generation = 0;
  let failures = 0;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let carrier: Carrier | null = null;

  const known = (): Hello | null => {
    const was = state.get();
    return was.kind === 'live' || was.kind === 'lost' ? was.hello : null;
  };
  const lose = async (mine: number, dial: () => void): Promise<void> => {
    if (mine !== generation) return;
    generation += 1;
    carrier = null;
    hold(null);
    const was = state.get();
    if (was.kind === 'live') state.set({ kind: 'lost', since: Date.now(), hello: was.hello });
    const wait = waits[Math.min(failures, waits.length - 1)];
    failures += 1;
    const sentence = await whyRefused();
    if (mine + 1 !== generation) return;
    if (sentence !== null) return state.set({ kind: 'refused', sentence });
    timer = setTimeout(dial, wait);
  };
  const greet = async (mine: number): Promise<void> => {
    const asked = Date.now();
    const hello = await client.desk.hello(undefined, { signal: AbortSignal.timeout(5_000) });
    if (mine !== generation) return;
    setClockOffset(hello.now - (asked + Date.now()) / 2);
    failures = 0;
    const was = known();
    if (
      state.get().kind !== 'live' ||
      was?.operator.name !== hello.operator.name ||
      was.operator.role !== hello.operator.role
    )
      state.set({ kind: 'live', hello });
  };
  const raise = (make: (mine: number) => Carrier, greets: boolean): void => {
    clearTimeout(timer);
    generation += 1;
    carrier?.end();
    carrier = make(generation);
    hold(carrier);
    const mine = generation;
    if (greets) greet(mine).catch(() => carrier?.end());
  };
  setInterval(() => {
    const mine = generation;
    if (state.get().kind === 'live') greet(mine).catch(() => mine === generation && carrier?.end());
  }, heartbeatMs);
  return { raise, greet, lose };
};

/**
 * Over the port that the desktop's preload hands over, else over a WebSocket to where the page came from. Nothing is
 * dialled before `start`.
 */
export const connect = (): Connection => {
  const state = createStore<LinkState>({ kind: 'connecting' });
  let current: Carrier | null = null;
  const client = createClient(() => current);
  const up = keepUp(state, (carrier) => (current = carrier), client);

  const dial = (): void =>
    up.raise(
      (mine) =>
        socketCarrier(
          '/api/rpc',
          () => void up.greet(mine).catch(() => current?.end()),
          () => void up.lose(mine, dial),
        ),
      false,
    );
  const handed = (port: MessagePort): void =>
    up.raise((mine) => portCarrier(port, () => void up.lose(mine, () => {})), true);
  const served = location.protocol.startsWith('http');

  return {
    client,
    state,
    start: () => {
      onHandedPort(handed);
      if (!served) return;
      void pairOnce().then((refusal) =>
        refusal === null ? dial() : state.set({ kind: 'refused', sentence: refusal }),
      );
    },
    greeted: (hello) => state.set({ kind: 'live', hello }),
    retry: () => {
      state.set({ kind: 'connecting' });
      if (served) dial();
    },
  };
};
