import type { SecretState, SecretsView } from '../../shared/shell/contract.ts';
import type { Rooms } from '../room/rooms.ts';
import type { Secrets } from '../secrets.ts';
import { variableOf } from '../secrets.ts';
import { os } from './door.ts';

const reference = /secret:([\w.\-]{1,80})/gv;

/** Every secret that a target names, wherever in it. */
const namedIn = (target: unknown): readonly string[] =>
  [...JSON.stringify(target).matchAll(reference)].map(([, name = '']) => name);

/** Values go in here and never come out; the log has no word of them. */
export const secretsProcedures = (rooms: Rooms, secrets: Secrets) => {
  const view = async (): Promise<SecretsView> => {
    const kept = await secrets.names();
    const named = rooms.all().flatMap(({ context }) => namedIn(context.target));
    const stateOf = async (name: string): Promise<SecretState> => ({
      name,
      state:
        kept.includes(name) && (await secrets.get(name)) !== null
          ? 'kept'
          : process.env[variableOf(name)] === undefined
            ? 'missing'
            : 'from-environment',
    });
    const names = [...new Set([...named, ...kept])].toSorted();
    return { ...(await secrets.where()), secrets: await Promise.all(names.map(stateOf)) };
  };
  return {
    list: os.secrets.list.handler(view),
    keep: os.secrets.keep.handler(async ({ input }) => {
      await secrets.keep(input.name, input.value);
      return view();
    }),
    forget: os.secrets.forget.handler(async ({ input }) => {
      await secrets.forget(input.name);
      return view();
    }),
  };
};
