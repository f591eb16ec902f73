import { redactFrame } from '../../shared/wall/redact.ts';
import type { WallBeat, WallFrame } from '../../shared/wall/contract.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { WallPicture, Walls } from '../room/walls.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

/** What is new since the frame before, over one stream; null where nothing is. */
const differ = (after: number, since: Walls['since']) => {
  let sent: WallPicture | null | undefined; // Undefined before the first: also that no run is open has to be told.
  let cursor = after;
  return (picture: WallPicture | null, at: number): WallFrame | null => {
    if (picture === sent) return null;
    const same = sent?.runId === picture?.runId ? sent : null;
    const missed = picture === null || cursor === 0 ? 0 : since(picture.runId, cursor);
    cursor = 0;
    sent = picture;
    const before = new Set(same?.tiles);
    const head = picture === null || same?.headText === picture.headText ? null : picture.head;
    const tiles = picture?.tiles.filter((tile) => !before.has(tile)) ?? [];
    const still = head === null && tiles.length === 0;
    // A `seq` that moved alone is told too: the next connection asks from there on.
    if (same != null && still && same.seq === picture?.seq && same.muted === picture.muted) return null;
    return {
      ...{ at, missed, head, tiles },
      runId: picture?.runId ?? null,
      seq: picture?.seq ?? 0,
      muted: picture?.muted === true,
      redacted: false,
    };
  };
};

/** The only thing that a wall may ask for. */
const follows = (walls: Walls, clock: Clock) =>
  os.wall.follow.handler(async function* ({ input, signal, context }): AsyncGenerator<WallFrame | WallBeat> {
    const bell = wakeable(signal);
    const leave = walls.onBeat(bell.ring);
    const newIn = differ(input.after, walls.since);
    try {
      do {
        const picture = await walls.picture(input.run);
        const at = clock.now();
        const frame = newIn(picture, at);
        if (frame === null) yield { at };
        else yield context.caller.redacted === true ? redactFrame(frame, picture?.names() ?? []) : frame;
      } while (await bell.rung());
    } finally {
      leave();
    }
  });

/** For the windows of the desk. */
export const wallProcedures = (walls: Walls, clock: Clock) => ({
  follow: follows(walls, clock),
  muted: os.wall.muted.handler(() => walls.muted()),
  mute: os.wall.mute.handler(({ input, context }) => {
    walls.mute(actorOf(context.caller), input.muted);
    return input.muted;
  }),
});

/** Everything that is served to walls: one procedure that looks, and none that changes anything. */
export const watchingRouter = (walls: Walls, clock: Clock) => ({
  wall: { follow: follows(walls, clock) },
});
