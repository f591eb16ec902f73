import type { z } from 'zod';
import type { DesktopNotice } from '../../shared/notices/contract.ts';
import { occasions } from '../../shared/notices/model.ts';
import type { Message, Occasion, Preview } from '../../shared/notices/model.ts';
import type { Post } from './post.ts';

/**
 * How one attempt ended.
 * sent     taken by the other end; `receipt` is what later notices refer to
 * refused  for good: asking again would be refused again
 * later    asking again may help, not before `afterMs`, and is safe: nothing arrived, or it is taken once by its key
 * held     nothing went out, and nothing will before somebody changes something here
 * unsure   it may have been taken: nobody can tell from here
 */
export type Outcome =
  | { readonly kind: 'sent'; readonly receipt: string | null }
  | { readonly kind: 'refused'; readonly sentence: string }
  | {
      readonly kind: 'later';
      readonly sentence: string;
      readonly afterMs: number | null;
      /** Whether it says something about the channel as a whole, not about this one message. */
      readonly channel: boolean;
      /** Whether this attempt may have arrived all the same. */
      readonly maybe: boolean;
    }
  | { readonly kind: 'held'; readonly sentence: string }
  | { readonly kind: 'unsure'; readonly sentence: string };

/**
 * A message on its way: `key` is its own for ever, `thread` what the channel called the first one of this run, `under`
 * the key under which it took what this one resolves, where that is not this one's own.
 */
export type Letter = {
  readonly key: string;
  readonly runId: string;
  readonly message: Message;
  readonly thread: string | null;
  readonly under?: string | null;
};

export type SendContext = {
  readonly post: Post;
  /** Shows a notification in the windows that are open; answers how many there are. */
  readonly show: (notice: DesktopNotice) => number;
  /** UTC epoch ms. */
  readonly now: () => number;
};

/** What a team is told of, unless a kind is made for less. */
export const teamOccasions: readonly Occasion[] = occasions.filter(
  (occasion) => !['maintenance', 'alarm-acknowledged', 'test'].includes(occasion),
);

/**
 * One kind of channel, one file. `params` is what a target writes under `with`; references to secrets are resolved
 * before `send`, never before `preview`.
 */
export type NoticeKind = {
  readonly kind: string;
  readonly summary: string;
  readonly params: z.ZodType;
  /** Params that may only be references to secrets. */
  readonly secrets: readonly string[];
  /** What it is told of unless the target says otherwise. */
  readonly occasions: readonly Occasion[];
  readonly audience: Message['audience'];
  /** Whether it is told of this one too, among those of its occasions. */
  readonly takes: (message: Message) => boolean;
  /** Whether the other end takes the same key once only, so that asking again is safe. */
  readonly dedupes: (message: Message) => boolean;
  /** Whether many that come at once may be told in one. */
  readonly merges: (message: Message) => boolean;
  /** Ms from the start of one request to the next, over all channels that share the param `pacedBy`. */
  readonly gapMs: number;
  readonly pacedBy?: string;
  readonly preview: (params: unknown, letter: Letter) => Preview;
  readonly send: (params: unknown, letter: Letter, context: SendContext) => Promise<Outcome>;
};

type Definition<Schema extends z.ZodType> = Omit<
  NoticeKind,
  'params' | 'takes' | 'dedupes' | 'merges' | 'gapMs' | 'pacedBy' | 'audience' | 'preview' | 'send'
> &
  Partial<Pick<NoticeKind, 'takes' | 'dedupes' | 'merges' | 'gapMs' | 'pacedBy' | 'audience'>> & {
    readonly params: Schema;
    readonly preview: (params: z.output<Schema>, letter: Letter) => Preview;
    readonly send: (params: z.output<Schema>, letter: Letter, context: SendContext) => Promise<Outcome>;
  };

export const defineNotice = <Schema extends z.ZodType>(definition: Definition<Schema>): NoticeKind => ({
  takes: () => true,
  dedupes: () => false,
  merges: () => true,
  gapMs: 0,
  audience: 'team',
  ...definition,
  preview: (params, letter) => definition.preview(definition.params.parse(params), letter),
  send: (params, letter, context) => definition.send(definition.params.parse(params), letter, context),
});
