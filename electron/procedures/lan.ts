import { WarRoomError } from '../../shared/errors.ts';
import type { LanLink } from '../lan-link.ts';
import { os } from './door.ts';

export const lanProcedures = (link: LanLink | null) => {
  const here = (): LanLink => {
    if (link === null)
      throw new WarRoomError('unavailable', 'This War Room was started without a link to the network.');
    return link;
  };
  return {
    state: os.lan.state.handler(() => here().state()),
    open: os.lan.open.handler(async ({ input }) => {
      await here().open(input);
      return here().state();
    }),
    close: os.lan.close.handler(async () => {
      await here().close();
      return here().state();
    }),
    newCode: os.lan.newCode.handler(() => {
      here().newCode();
      return here().state();
    }),
    revoke: os.lan.revoke.handler(({ input }) => {
      here().revoke(input.viewer);
      return here().state();
    }),
  };
};
