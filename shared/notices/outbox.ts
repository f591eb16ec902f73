import type { RunId } from '../events.ts';
import type { Channel, Message, Notice, NoticeState } from './model.ts';

/** Notices of one channel leave one after the other, whichever run they are of. */
export const laneOf = ({ kind, label, with: own }: Channel): string => JSON.stringify([kind, label, own]);

export type NewNotice = {
  readonly key: string;
  readonly runId: RunId;
  readonly channel: Channel;
  readonly message: Message;
  /** Never waits for others, and is never told together with others. */
  readonly urgent: boolean;
};

export type Change = {
  readonly state: NoticeState;
  readonly dueAt?: number | null;
  readonly attempts?: number;
  readonly sentence?: string;
  readonly receipt?: string | null;
  readonly releasedBy?: string;
  readonly releasedAt?: number;
  /** The key that the notices of one request share. */
  readonly batch?: string | null;
  readonly maybe?: boolean;
};

export type Kept = Notice & {
  readonly urgent: boolean;
  readonly batch: string | null;
  /** An attempt without an answer may have arrived. */
  readonly maybe: boolean;
};

/** How the history speaks of a notice. */
export const about = ({ key, channel, message }: Pick<Kept, 'key' | 'channel' | 'message'>) => ({
  notice: key,
  channel: channel.label,
  kind: channel.kind,
  occasion: message.occasion,
  title: message.title,
});

/** All notices on disk. Whatever returns is durable; a notice is never removed. */
export type Outbox = {
  /** Up to which event of a run everything that it gives is drafted. */
  readonly cursor: (runId: RunId) => number;
  /** Drafts what is new, and moves the cursor with it: both or neither. A key that is known already stays as it is. */
  readonly draft: (runId: RunId, upTo: number, notices: readonly NewNotice[], now: number) => void;
  readonly get: (key: string) => Kept | null;
  /** The newest first. */
  readonly ofRun: (runId: RunId) => readonly Kept[];
  readonly inState: (state: NoticeState) => readonly Kept[];
  readonly change: (keys: readonly string[], now: number, change: Change) => void;
  readonly reword: (key: string, now: number, message: Message) => void;
  readonly lanes: () => readonly string[];
  /**
   * What may leave a lane now, what is urgent first and otherwise in order; nothing overtakes an earlier one of the same
   * run and subject. `urgent` leaves out the rest.
   */
  readonly next: (lane: string, now: number, urgent: boolean) => Kept | null;
  /** All that go with it in one request: its batch if it has one, else what else may leave with it now. */
  readonly batch: (kept: Kept, now: number) => readonly Kept[];
  /** UTC epoch ms of the next one that waits; null where none does. */
  readonly nextDue: (lane: string) => number | null;
  /** What left a lane since a moment without being urgent: how many requests, and when the last one did. */
  readonly left: (lane: string, since: number) => { readonly count: number; readonly last: number | null };
  /**
   * The key under which the channel took what this one resolves or acknowledges, where that was told together with
   * others: null where it stood alone, or where others of them are not resolved yet.
   */
  readonly under: (kept: Kept) => string | null;
  /** What the channel called the first notice of this run. */
  readonly thread: (runId: string, lane: string) => string | null;
};
