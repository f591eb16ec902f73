import { os } from './door.ts';
import type { Hello } from '../../shared/contract.ts';
import type { Caller } from '../caller.ts';
import type { Clock } from '../clock.ts';
import type { Bundled } from '../documents.ts';
import type { Rooms } from '../room/rooms.ts';
import { sameWords } from '../../shared/target/bind.ts';
import { actorOf } from '../caller.ts';

export const deskProcedures = (deps: {
  readonly clock: Clock;
  readonly version: string;
  readonly bundled: Bundled;
  readonly rooms: Rooms;
}) => {
  /** Who is here, by connection: two under one name can't be told apart where two people are asked for. */
  const names = new Map<string, string>();
  const namesake = (caller: Caller): string | null => {
    const { name } = caller.operator();
    const own = sameWords(name);
    names.set(caller.id, own);
    return [...names].some(([id, other]) => id !== caller.id && other === own)
      ? `Somebody else is here as ${name} too. Where two people are asked for you count as one: add an initial to be told apart.`
      : null;
  };
  const hello = (caller: Caller, said: string | null): Hello => ({
    version: deps.version,
    grant: caller.grant,
    operator: caller.operator(),
    via: caller.via,
    namesake: said,
    now: deps.clock.now(),
    platform: process.platform,
  });
  return {
    hello: os.desk.hello.handler(({ context }) => hello(context.caller, null)),
    identify: os.desk.identify.handler(({ input, context }) => {
      context.caller.identify(input.name, input.role);
      for (const room of deps.rooms.all())
        room.append(actorOf(context.caller), [{ type: 'operator-joined', body: input }]);
      return hello(context.caller, namesake(context.caller));
    }),
    bundled: os.desk.bundled.handler(() => deps.bundled.names()),
  };
};
