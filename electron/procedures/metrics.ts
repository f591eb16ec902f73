import type { HealthTick, Point } from '../../shared/contract.ts';
import type { Clock } from '../clock.ts';
import type { Rooms } from '../room/rooms.ts';
import { sizeOf } from '../store/database.ts';
import { kept } from '../store/retention.ts';
import type { Samples } from '../store/samples.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

const joined = (
  first: Readonly<Record<string, readonly Point[]>>,
  then: Readonly<Record<string, readonly Point[]>>,
) => {
  const all: Record<string, readonly Point[]> = { ...first };
  for (const [metric, points] of Object.entries(then)) all[metric] = [...(all[metric] ?? []), ...points];
  return all;
};

const newest = <T extends { readonly id: string }>(first: readonly T[], then: readonly T[]): readonly T[] => [
  ...new Map([...first, ...then].map((health) => [health.id, health])).values(),
];

const underWayIn = (underWay: HealthTick['underWay']) => (underWay === undefined ? {} : { underWay });

/** What a slow window missed becomes one message: the newest health of each, and every point. */
const merged = (first: HealthTick | null, then: HealthTick): HealthTick =>
  first === null
    ? then
    : {
        at: then.at,
        probes: newest(first.probes, then.probes),
        metrics: newest(first.metrics, then.metrics),
        points: joined(first.points, then.points),
        ...(then.trouble === undefined ? {} : { trouble: then.trouble }),
        ...underWayIn(then.underWay ?? first.underWay),
      };

export const metricsProcedures = (rooms: Rooms, samples: Samples, dataDir: string, clock: Clock) => ({
  raw: os.metrics.raw.handler(({ input }) =>
    samples.raw(input.runId, input.metric, input.from, input.before, input.most),
  ),
  stored: os.metrics.stored.handler(() => ({ bytes: sizeOf(dataDir), ...kept })),
  follow: os.metrics.follow.handler(async function* ({ input, signal }): AsyncGenerator<HealthTick> {
    const room = rooms.open(input.runId);
    const bell = wakeable(signal);
    let waiting: HealthTick | null = null;
    const hear = (tick: HealthTick): void => {
      waiting = merged(waiting, tick);
      bell.ring();
    };
    const hearWork = (underWay: NonNullable<HealthTick['underWay']>): void =>
      hear({ at: clock.now(), probes: [], metrics: [], points: {}, underWay });
    const unlisten = [room.onTick(hear), room.underWay.listen(hearWork)];
    hearWork(room.underWay.now());
    try {
      yield* room.slices();
      while (await bell.rung()) {
        if (waiting === null) continue;
        const tick: HealthTick = waiting;
        waiting = null;
        yield tick;
      }
    } finally {
      for (const end of unlisten) end();
    }
  }),
  history: os.metrics.history.handler(({ input }) =>
    samples.query(input.runId, input.metric, input.from, input.to, input.points),
  ),
});
