import { createORPCClient, DynamicLink } from '@orpc/client';
import type { RunId } from '../../../shared/events.ts';
import type { WallClient, WallFrame } from '../../../shared/wall/contract.ts';
import { endings } from '../../../shared/wall/endings.ts';
import type { Ending } from '../../../shared/wall/endings.ts';
import { onHandedPort, portCarrier, socketCarrier } from '../../carriers.ts';
import type { Carrier } from '../../carriers.ts';
import { isOutdated } from '../../outdated.ts';
import { pairOnce, whyRefused } from '../../pairing.ts';

/** What the link tells the wall. That a connection ended it does not: the wall hears it by the silence. */
export type WallEars = {
  /** `first`: of its connection. */
  readonly frame: (frame: WallFrame, first: boolean) => void;
  /** The desk is there, and nothing is new. */
  readonly beat: (at: number) => void;
  /** This browser is not let in; a sentence for the person. It is tried again by itself, in case it is paired meanwhile. */
  readonly refused: (sentence: string) => void;
  /** The desk ended it, or its time was over: nothing is tried again until the page is opened anew. */
  readonly ended: (why: Ending) => void;
};

/** From which run on, and after which event: read anew at every connection. */
export type Cursor = () => { readonly run: RunId | null; readonly after: number };

// A wall has to be back within 5 s of the desk: it asks at least once a second.
const waits = [0, 200, 500, 1_000] as const;
const unpairedMs = 4_000;
/** A socket that says nothing for so long is dead, whatever the system believes: a new one is through sooner. */
const silentMs = 2_500;
/** A window of the desk gets a port when it loads, and only then. */
const reloadMs = 1_000;
const howToPair = 'Type the code that the desk shows under "Walls". The wall opens as soon as it is right.';
/** To open one may take this much longer. Together no more than what a wall has to be back in. */
const openMs = 1_500;

/** Keeps one connection to the desk up for as long as the page is open, and follows what it shows. It can ask for nothing else. */
export const linkWall = (cursor: Cursor, ears: WallEars): void => {
  let carrier: Carrier | null = null;
  let over: 'socket' | 'port' = 'socket';
  let generation = 0;
  let failures = 0;
  let heardAt = 0;
  let closed = false;
  let opened = false;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const client: WallClient = createORPCClient(
    new DynamicLink(() => {
      if (carrier === null) throw new Error('not connected');
      return carrier.link;
    }),
  );
  const again = (ms: number): void => {
    clearTimeout(timer);
    if (!closed) timer = setTimeout(dial, ms);
  };
  const fall = async (mine: number, code = 0): Promise<void> => {
    if (mine !== generation || closed) return;
    generation += 1;
    carrier?.end();
    carrier = null;
    const ending = endings[code];
    if (ending !== undefined) {
      closed = true;
      return ears.ended(ending);
    }
    const wait = waits[Math.min(failures, waits.length - 1)] ?? 1_000;
    failures += 1;
    if (over === 'port') return void (timer = setTimeout(() => location.reload(), reloadMs));
    const next = generation;
    const sentence = await whyRefused();
    if (next !== generation) return;
    if (sentence !== null) ears.refused(howToPair);
    again(sentence === null ? wait : unpairedMs);
  };
  const follow = async (mine: number): Promise<void> => {
    heardAt = performance.now();
    let first = true;
    for await (const said of await client.wall.follow(cursor())) {
      if (mine !== generation) return;
      heardAt = performance.now();
      failures = 0;
      if ('seq' in said) ears.frame(said, first);
      else ears.beat(said.at);
      first = false;
    }
    throw new Error('the desk ended the stream');
  };
  const raise = (by: typeof over, make: (mine: number) => Carrier): number => {
    clearTimeout(timer);
    over = by;
    generation += 1;
    heardAt = performance.now() + openMs;
    carrier?.end();
    carrier = make(generation);
    return generation;
  };
  // What ends a stream may be the end of its connection, whose own event comes next and says why.
  const start = (mine: number): void => void follow(mine).catch(() => setTimeout(() => void fall(mine), 0));
  /** A desk that comes back may have been updated: this page may not understand it, and nobody is there to load the new one. */
  const renew = (): void => {
    if (opened) void isOutdated().then((old) => old && location.reload());
    opened = true;
  };
  const dial = (): void =>
    void raise('socket', (mine) =>
      socketCarrier(
        '/api/watch',
        () => {
          start(mine);
          renew();
        },
        (code) => void fall(mine, code),
      ),
    );
  // A port ends when the desk does: one that is silent has only to wait until the desk goes on.
  setInterval(() => {
    if (over === 'socket' && carrier !== null && performance.now() - heardAt > silentMs) void fall(generation);
  }, 500);
  onHandedPort((port) => start(raise('port', (mine) => portCarrier(port, () => void fall(mine)))));
  // A screen that was asleep, or a network that came back: no need to wait for the next try.
  const awake = (): void => {
    if (over === 'socket' && carrier === null && !closed) again(0);
  };
  addEventListener('online', awake);
  document.addEventListener('visibilitychange', awake);
  if (location.protocol.startsWith('http'))
    void pairOnce().then((sentence) => {
      if (sentence !== null) ears.refused(sentence);
      again(sentence === null ? 0 : unpairedMs);
    });
};
