import { Buffer } from 'node:buffer';
import type { RunId } from '../../shared/events.ts';
import { actorOf } from '../caller.ts';
import type { Rooms } from '../room/rooms.ts';
import type { EventLog } from '../store/event-log.ts';
import type { Samples } from '../store/samples.ts';
import { acrossRuns, failuresOf } from '../verdict/across.ts';
import { os } from './door.ts';

type Deps = { readonly rooms: Rooms; readonly log: EventLog; readonly samples: Samples; readonly now: () => number };

export const verdictProcedures = ({ rooms, log, samples, now }: Deps) => {
  const of = (runId: RunId) => rooms.verdictsOf(runId);
  return {
    takeBaseline: os.verdict.takeBaseline.handler(async ({ input, context }) => {
      const { verdicts } = rooms.open(input.runId);
      const how = { automatic: false, incident: input.incident };
      return { baseline: await verdicts.takeBaseline(actorOf(context.caller), how) };
    }),
    picture: os.verdict.picture.handler(async ({ input, context: { caller } }) => {
      const { verdicts } = rooms.open(input.runId);
      if (input.png !== null) {
        verdicts.keepPicture(actorOf(caller), input.baseline, Buffer.from(input.png, 'base64'), 'page');
        return { kept: true };
      }
      if (caller.window === undefined) return { kept: false };
      const png = Buffer.from(await caller.window.picture());
      verdicts.keepPicture(actorOf(caller), input.baseline, png, 'window');
      return { kept: true };
    }),
    pictureOf: os.verdict.pictureOf.handler(async ({ input }) => ({
      png: (await of(input.runId)).pictureOf(input.sha256).toString('base64'),
    })),
    look: os.verdict.look.handler(async ({ input }) => (await of(input.runId)).look(input)),
    give: os.verdict.give.handler(async ({ input, context }) =>
      (await of(input.runId)).give(actorOf(context.caller), input),
    ),
    points: os.verdict.points.handler(async ({ input }) => (await of(input.runId)).points(input, input.metric)),
    failures: os.verdict.failures.handler(() => failuresOf(log)),
    across: os.verdict.across.handler(async ({ input: { runId } }) => {
      const { target } = await rooms.contextOf(runId);
      const closed = log.last(runId, 'run-closed');
      const { service, environment, metrics } = target;
      const run = { runId, service, environment, metrics: Object.keys(metrics) };
      return acrossRuns({ log, samples }, run, closed?.at ?? now());
    }),
  };
};
