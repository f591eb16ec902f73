import type { RunId } from '../../shared/events.ts';
import { redactFrame } from '../../shared/wall/redact.ts';
import type { WallFrame } from '../../shared/wall/contract.ts';
import { actorOf } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { WallPicture, Walls } from '../room/walls.ts';
import type { EventLog } from '../store/event-log.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

/** A wall hears something at least this often, and after an event at once, but never faster than `leastMs`. */
const beatMs = 1_000;
const leastMs = 250;

const pause = (ms: number, signal: AbortSignal | undefined): Promise<void> =>
  new Promise((resolve) => {
    const timer = setTimeout(resolve, ms);
    signal?.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });

/** What was sent last over one stream, so that only what is new follows it. */
const differ = (after: number) => {
  let sent: WallPicture | null = null;
  let cursor = after;
  return (picture: WallPicture | null, since: Walls['since'], base: Pick<WallFrame, 'at' | 'muted'>): WallFrame => {
    const same = sent?.runId === picture?.runId ? sent : null;
    const missed = picture === null || cursor === 0 ? 0 : since(picture.runId, cursor);
    cursor = 0;
    const before = new Set(same?.tiles);
    const frame: WallFrame = {
      ...base,
      runId: picture?.runId ?? null,
      seq: picture?.seq ?? 0,
      missed,
      redacted: false,
      head: picture === null || same?.headText === picture.headText ? null : picture.head,
      tiles: picture === null ? [] : picture.tiles.filter((tile) => !before.has(tile)),
    };
    sent = picture;
    return frame;
  };
};

/** The only thing that a wall may ask for. */
const follows = (walls: Walls, log: EventLog, clock: Clock) =>
  os.wall.follow.handler(async function* ({ input, signal, context }): AsyncGenerator<WallFrame> {
    const bell = wakeable(signal);
    const unlisten = log.listen(bell.ring);
    const beat = setInterval(bell.ring, beatMs);
    const frameOf = differ(input.after);
    try {
      do {
        const runId: RunId | null = input.run ?? walls.shown();
        const picture = runId === null ? null : await walls.picture(runId);
        const frame = frameOf(picture, walls.since, {
          at: clock.now(),
          muted: picture?.muted === true,
        });
        yield context.caller.redacted === true ? redactFrame(frame, picture?.names() ?? []) : frame;
        await pause(leastMs, signal);
      } while (await bell.rung());
    } finally {
      clearInterval(beat);
      unlisten();
    }
  });

/** For the windows of the desk. */
export const wallProcedures = (walls: Walls, log: EventLog, clock: Clock) => ({
  follow: follows(walls, log, clock),
  muted: os.wall.muted.handler(() => walls.muted()),
  mute: os.wall.mute.handler(({ input, context }) => {
    walls.mute(actorOf(context.caller), input.muted);
    return input.muted;
  }),
});

/** Everything that is served to walls: one procedure that looks, and none that changes anything. */
export const watchingRouter = (walls: Walls, log: EventLog, clock: Clock) => ({
  wall: { follow: follows(walls, log, clock) },
});
