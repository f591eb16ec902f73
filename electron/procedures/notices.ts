import { setTimeout as sleep } from 'node:timers/promises';
import type { DesktopNotice, NoticesNow } from '../../shared/notices/contract.ts';
import { actorOf } from '../caller.ts';
import type { Notices } from '../room/notices.ts';
import { os } from './door.ts';
import { wakeable } from './wakeable.ts';

/** Changes that come close together are shown as one. */
const breathMs = 100;

export const noticesProcedures = (notices: Notices) => ({
  follow: os.notices.follow.handler(async function* ({ input, signal }): AsyncGenerator<NoticesNow> {
    const bell = wakeable(signal);
    const unlisten = notices.onChange((runId) => {
      if (runId === input.runId) bell.ring();
    });
    try {
      do {
        yield await notices.now(input.runId);
        await sleep(breathMs);
      } while (await bell.rung());
    } finally {
      unlisten();
    }
  }),
  desktop: os.notices.desktop.handler(async function* ({ signal }): AsyncGenerator<DesktopNotice> {
    const bell = wakeable(signal);
    const waiting: DesktopNotice[] = [];
    const unlisten = notices.onDesktop((notice) => {
      waiting.push(notice);
      bell.ring();
    });
    try {
      while (await bell.rung()) yield* waiting.splice(0);
    } finally {
      unlisten();
    }
  }),
  send: os.notices.send.handler(({ input, context }) =>
    notices.send(input.runId, input.notice, actorOf(context.caller)),
  ),
  edit: os.notices.edit.handler(({ input, context }) =>
    notices.edit(input.runId, input.notice, input, actorOf(context.caller)),
  ),
  discard: os.notices.discard.handler(({ input, context }) =>
    notices.discard(input.runId, input.notice, actorOf(context.caller)),
  ),
  test: os.notices.test.handler(({ input, context }) =>
    notices.test(input.runId, input.channel, actorOf(context.caller)),
  ),
});
