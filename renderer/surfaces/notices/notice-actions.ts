import type { Client } from '../../../shared/contract.ts';
import type { RunId } from '../../../shared/events.ts';

/** What people can do about notices. Each resolves to whether it was taken. */
export type NoticeActions = {
  /** Lets them go, one after the other; stops at the first that is refused. */
  readonly sendNotices: (keys: readonly string[]) => Promise<boolean>;
  readonly editNotices: (keys: readonly string[], title: string, text: string) => Promise<boolean>;
  readonly discardNotices: (keys: readonly string[]) => Promise<boolean>;
};

export const noticeActions = (
  { notices }: Client,
  runId: RunId,
  taken: (call: Promise<unknown>) => Promise<boolean>,
): NoticeActions => {
  const each = async (keys: readonly string[], call: (notice: string) => Promise<unknown>): Promise<boolean> => {
    for (const key of keys) if (!(await taken(call(key)))) return false;
    return true;
  };
  return {
    sendNotices: (keys) => each(keys, (notice) => notices.send({ runId, notice })),
    editNotices: (keys, title, text) => each(keys, (notice) => notices.edit({ runId, notice, title, text })),
    discardNotices: (keys) => each(keys, (notice) => notices.discard({ runId, notice })),
  };
};
