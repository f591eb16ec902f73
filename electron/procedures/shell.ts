import type { ShellOrder, ShellState } from '../../shared/shell/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import type { Caller } from '../caller.ts';
import { newsSince } from '../news.ts';
import type { DeskPowers, WindowPowers } from '../powers.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

type Deps = {
  readonly version: string;
  /** What changed for people, newest version first, as Markdown. */
  readonly changelog: string;
  readonly desk: DeskPowers | null;
  readonly diagnostics: () => Promise<string>;
  readonly told: () => readonly string[];
};

const windowOf = (caller: Caller): WindowPowers => {
  if (caller.window !== undefined) return caller.window;
  throw new WarRoomError('unavailable', 'Only the desktop app can do this; in a browser, use its own menu.');
};

export const shellProcedures = ({ version, changelog, desk, diagnostics, told }: Deps) => {
  const state = (caller: Caller): ShellState => ({
    displays: desk?.displays() ?? [],
    pdf: caller.window !== undefined,
    news: desk === null ? null : newsSince(changelog, desk.newsSeen(), version),
    told: caller.grant === 'operate' ? [...(desk?.told() ?? []), ...told()] : [],
  });
  return {
    state: os.shell.state.handler(({ context }) => state(context.caller)),
    follow: os.shell.follow.handler(async function* ({ context, signal }): AsyncGenerator<ShellOrder> {
      const bell = wakeable(signal);
      const waiting: ShellOrder[] = [];
      const unlisten = context.caller.window?.onOrder((order) => {
        waiting.push(order);
        bell.ring();
      });
      try {
        do yield* waiting.splice(0);
        while (await bell.rung());
      } finally {
        unlisten?.();
      }
    }),
    raise: os.shell.raise.handler(({ context }) => context.caller.window?.raise()),
    print: os.shell.print.handler(async ({ context }) => ({ printed: await windowOf(context.caller).print() })),
    savePdf: os.shell.savePdf.handler(async ({ input, context }) => {
      const window = windowOf(context.caller);
      return { path: await window.save(input.name, await window.pdf()) };
    }),
    wall: os.shell.wall.handler(({ input, context }) => {
      if (desk === null)
        throw new WarRoomError('unavailable', 'In a browser the wall is a page of its own: open /wall on the screen.');
      desk.wall(input.display, input.shown);
      return state(context.caller);
    }),
    newsSeen: os.shell.newsSeen.handler(() => desk?.seeNews(version)),
    diagnostics: os.shell.diagnostics.handler(async () => ({ text: await diagnostics() })),
  };
};
