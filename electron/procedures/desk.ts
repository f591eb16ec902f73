import { os } from './door.ts';
import type { Hello } from '../../shared/contract.ts';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Bundled } from '../documents.ts';
import type { Rooms } from '../room/rooms.ts';
import { actorOf } from '../caller.ts';

export const deskProcedures = (deps: {
  readonly clock: Clock;
  readonly version: string;
  readonly bundled: Bundled;
  readonly rooms: Rooms;
}) => {
  const hello = (caller: Caller): Hello => ({
    version: deps.version,
    grant: caller.grant,
    operator: caller.operator(),
    via: caller.via,
    now: deps.clock.now(),
    platform: process.platform,
  });
  return {
    hello: os.desk.hello.handler(({ context }) => hello(context.caller)),
    identify: os.desk.identify.handler(({ input, context }) => {
      context.caller.identify(input.name, input.role);
      for (const room of deps.rooms.all())
        room.append(actorOf(context.caller), [{ type: 'operator-joined', body: input }]);
      return hello(context.caller);
    }),
    bundled: os.desk.bundled.handler(() => deps.bundled.names()),
  };
};
