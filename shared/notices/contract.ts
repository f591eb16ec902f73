import { eventIterator, type } from '@orpc/contract';
import { z } from 'zod';
import { operate, runId, watch } from '../calls.ts';
import type { Notice, Occasion, Preview } from './model.ts';

/** What windows ask for about notices; a part of the contract. */

/** A notice as it stands, with exactly what leaves, or left. */
export type NoticeView = Omit<Notice, 'channel' | 'runId'> & {
  readonly channel: string;
  readonly kind: string;
  readonly preview: Preview;
  /** The other end takes it once, however often it is sent. */
  readonly once: boolean;
};

/** A channel of the run's target, and whether it could be told at all from here. */
export type ChannelView = {
  readonly label: string;
  readonly kind: string;
  readonly summary: string;
  readonly on: readonly Occasion[];
  /** Those that go out without a click. */
  readonly auto: readonly Occasion[];
  /** Why nothing can go out there now; null where something can. */
  readonly problem: string | null;
};

export type NoticesNow = { readonly channels: readonly ChannelView[]; readonly notices: readonly NoticeView[] };

/** What arrived at the practice service's own far end. */
export type Received = {
  readonly at: number;
  readonly by: 'Slack' | 'PagerDuty' | 'Statuspage' | 'Webhook';
  readonly how: string;
  readonly words: string;
  /** The thread, alert or incident that it belongs to; empty where it stands alone. */
  readonly ref: string;
};

/** What a window shows as a notification of the desktop. */
export type DesktopNotice = {
  readonly key: string;
  /** The run that a click on it opens. */
  readonly runId: string;
  readonly title: string;
  readonly text: string;
};

const ofNotice = z.object({ runId, notice: z.string().min(1).max(400) });

export const noticesContract = {
  /** All notices of a run, the newest first, again at every change. */
  follow: watch.input(z.object({ runId })).output(eventIterator(type<NoticesNow>())),
  /** Lets a draft go, or tries again what did not go out. */
  send: operate.input(ofNotice).output(type<void>()),
  /** Other words for a draft. */
  edit: operate
    .input(
      ofNotice.extend({
        title: z.string().trim().min(1, 'a notice has a title').max(300),
        text: z.string().max(3_000),
      }),
    )
    .output(type<void>()),
  discard: operate.input(ofNotice).output(type<void>()),
  /** Sends a marked test to one channel now. */
  test: operate
    .input(z.object({ runId, channel: z.string().max(80) }))
    .output(type<{ readonly sent: boolean; readonly sentence: string }>()),
  /** What is to be shown by the desktop, as it comes. */
  desktop: watch.output(eventIterator(type<DesktopNotice>())),
};
