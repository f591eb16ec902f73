import { setTimeout as sleep } from 'node:timers/promises';
import type { NewEvent, RunId } from '../../shared/events.ts';
import { formatSpan } from '../../shared/format.ts';
import { together } from '../../shared/notices/model.ts';
import type { Message } from '../../shared/notices/model.ts';
import { about, laneOf } from '../../shared/notices/outbox.ts';
import type { Change, Kept, Outbox } from '../../shared/notices/outbox.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Letter, NoticeKind, Outcome, SendContext } from './notice.ts';
import { poster } from './post.ts';

/** More than this many requests in a minute are a flood: from then on one a minute, with a count. */
const flood = { above: 5, withinMs: 60_000 };
const backOff = { firstMs: 1_000, mostMs: 60_000 };
/** Nobody is helped by what comes a day late: after this it waits for a click. */
const givesUpAfterMs = 86_400_000;
const longestTimerMs = 60_000;
const lastMomentMs = 2_000;
const recordAgainMs = 5_000;
/** Whatever ends a notice after this is no proof that it did not arrive. */
const arrived = 'An earlier attempt got no answer and may have arrived.';

export type SenderDeps = {
  readonly outbox: Outbox;
  readonly kinds: ReadonlyMap<string, NoticeKind>;
  readonly clock: Clock;
  readonly appLog: Log;
  /** What a channel's `with` stands for now. Resolves with a sentence where a secret or a variable is missing. */
  readonly resolve: (with_: unknown) => Promise<{ readonly params: unknown } | { readonly missing: string }>;
  /** Writes a receipt into the run's history. */
  readonly tell: (runId: RunId, event: NewEvent) => void;
  readonly show: SendContext['show'];
  /** Something of this run's notices changed. */
  readonly onChange: (runId: string) => void;
  readonly random?: () => number;
};

/** One attempt for one message, from the secrets to the judged answer; writes nothing. */
export const attempt = async (
  deps: Pick<SenderDeps, 'kinds' | 'resolve' | 'show' | 'clock'>,
  channel: Kept['channel'],
  letter: Letter,
): Promise<Outcome> => {
  const kind = deps.kinds.get(channel.kind);
  if (kind === undefined) return { kind: 'held', sentence: `This version knows no channel of kind "${channel.kind}".` };
  const resolved = await deps.resolve(channel.with);
  if ('missing' in resolved) return { kind: 'held', sentence: resolved.missing };
  if (!kind.params.safeParse(resolved.params).success)
    return { kind: 'held', sentence: `What the target says of "${channel.label}" does not fit its kind.` };
  const post = poster({ practice: letter.message.practice });
  return kind.send(resolved.params, letter, { post, show: deps.show, now: deps.clock.now });
};

/** How the history says that a notice ended; null where it says nothing. */
type Ended = (
  runId: string,
  key: string,
) => { readonly state: 'sent' | 'failed' | 'unknown'; readonly receipt: string | null } | null;

const endings = { failed: 'notice-failed', 'not-sent': 'notice-not-sent', unknown: 'notice-uncertain' } as const;

/** How an attempt goes into the history, and into the outbox. */
type Settled = { readonly event: NewEvent | null; readonly change: Change };

/** It ends without having been taken, as far as anybody here knows. */
const untaken = (first: Kept, as: keyof typeof endings, said: string, maybe: boolean): Settled => {
  const state = maybe ? 'unknown' : as;
  const sentence = maybe && as !== 'unknown' ? `${said} ${arrived}` : said;
  const body = { ...about(first), sentence, attempts: first.attempts + 1 };
  return { event: { type: endings[state], body }, change: { state, dueAt: null, sentence, maybe } };
};

type Batch = { readonly first: Kept; readonly all: readonly Kept[]; readonly message: Message };

/**
 * Sends what is queued, one request a channel at a time. Each is marked on disk before its request leaves, and again
 * once its answer is judged: whatever is found half way after a crash may have gone out, and is treated so.
 */
export const createSender = (deps: SenderDeps) => {
  const { outbox, clock, random = Math.random } = deps;
  const busy = new Set<string>();
  const quietUntil = new Map<string, number>();
  /** When the next request may start, by what the other end counts. */
  const pace = new Map<string, number>();
  const timers = new Map<string, NodeJS.Timeout>();
  const underWay = new Set<Promise<void>>();
  let closed = false;
  let over = false;

  const wake = (lane: string, inMs: number): void => {
    clearTimeout(timers.get(lane));
    if (closed) return;
    const timer = setTimeout(() => pump(lane), Math.min(Math.max(inMs, 0), longestTimerMs));
    timer.unref();
    timers.set(lane, timer);
  };

  const waitMs = (attempts: number): number =>
    Math.min(backOff.mostMs, backOff.firstMs * 2 ** Math.min(attempts - 1, 10)) * (0.5 + random() / 2);

  const gapOf = ({ kind }: Kept['channel']): number => deps.kinds.get(kind)?.gapMs ?? 0;
  const paceOf = (channel: Kept['channel']): string => {
    const by = deps.kinds.get(channel.kind)?.pacedBy;
    return by === undefined ? laneOf(channel) : JSON.stringify([channel.kind, channel.with[by]]);
  };

  /** What may leave now, or when to look again. */
  const pick = (lane: string, now: number): Batch | { readonly inMs: number } | null => {
    const due = outbox.nextDue(lane);
    if (due === null) return null;
    const quiet = (quietUntil.get(lane) ?? 0) - now;
    if (quiet > 0) return { inMs: quiet };
    const first = outbox.next(lane, now, false);
    if (first === null) return { inMs: Math.max(due - now, 50) };
    const paced = (pace.get(paceOf(first.channel)) ?? 0) - now;
    if (paced > 0) return { inMs: paced };
    const all = outbox.batch(first, now);
    if (first.urgent || first.batch !== null)
      return { first, all, message: together(all.map(({ message }) => message)) };
    const { count, last } = outbox.left(lane, now - flood.withinMs);
    if (count + all.length <= flood.above) return { first, all: [first], message: first.message };
    if (last === null) return { first, all, message: together(all.map(({ message }) => message)) };
    const urgent = outbox.next(lane, now, true);
    return urgent === null
      ? { inMs: last + flood.withinMs - now + 1 }
      : { first: urgent, all: [urgent], message: urgent.message };
  };

  const again = ({ first }: Batch, lane: string, outcome: Outcome & { readonly kind: 'later' }): Settled => {
    const now = clock.now();
    const attempts = first.attempts + 1;
    const wait = Math.round(Math.max(waitMs(attempts), outcome.afterMs ?? 0));
    const last = now + wait - (first.releasedAt ?? now) > givesUpAfterMs;
    const sentence = last ? `${outcome.sentence} It was tried for ${formatSpan(givesUpAfterMs)}.` : outcome.sentence;
    if (outcome.channel) quietUntil.set(lane, Math.max(quietUntil.get(lane) ?? 0, now + wait));
    const maybe = outcome.maybe || first.maybe;
    if (last) return untaken(first, 'not-sent', sentence, maybe);
    return {
      event: attempts === 1 ? { type: 'notice-not-sent', body: { ...about(first), sentence, attempts } } : null,
      change: { state: 'queued', dueAt: Math.round(now + wait), sentence, maybe },
    };
  };

  const settled = (batch: Batch, lane: string, outcome: Outcome): Settled => {
    const { first, all } = batch;
    const attempts = first.attempts + 1;
    if (outcome.kind === 'later') return again(batch, lane, outcome);
    if (outcome.kind === 'sent') {
      const now = clock.now();
      const latenessMs = Math.max(0, Math.round(now - (first.releasedAt ?? now)));
      const { receipt } = outcome;
      return {
        event: { type: 'notice-sent', body: { ...about(first), receipt, attempts, latenessMs, count: all.length } },
        change: { state: 'sent', dueAt: null, sentence: '', receipt },
      };
    }
    const state = ({ refused: 'failed', held: 'not-sent', unsure: 'unknown' } as const)[outcome.kind];
    return untaken(first, state, outcome.sentence, first.maybe);
  };

  /**
   * The receipt first: after a crash between the two the history knows what the outbox does not. What a full disk
   * refuses is kept and written as soon as it can be.
   */
  const record = async ({ first, all }: Batch, { event, change }: Settled): Promise<void> => {
    const keys = all.map(({ key }) => key);
    let told = event === null;
    while (!over)
      try {
        if (!told && event !== null) deps.tell(first.runId as RunId, event);
        told = true;
        return outbox.change(keys, clock.now(), change);
      } catch (cause) {
        deps.appLog.error('what became of a notice could not be written down; it is tried again', cause);
        await sleep(recordAgainMs, undefined, { ref: false });
      }
  };

  const tried = (channel: Kept['channel'], letter: Letter): Promise<Outcome> =>
    attempt(deps, channel, letter).catch((cause: unknown): Outcome => {
      deps.appLog.error('sending a notice met a fault of our own', cause);
      return {
        kind: 'unsure',
        sentence: 'War Room met a fault of its own while it was being sent; the log has the cause.',
      };
    });

  const send = async (batch: Batch, lane: string): Promise<void> => {
    const { first, all, message } = batch;
    const keys = all.map(({ key }) => key);
    const now = clock.now();
    pace.set(paceOf(first.channel), now + gapOf(first.channel));
    outbox.change(keys, now, {
      state: 'sending',
      attempts: first.attempts + 1,
      ...(all.length > 1 ? { batch: first.batch ?? first.key } : {}),
    });
    deps.onChange(first.runId);
    const letter: Letter = {
      key: first.batch ?? first.key,
      runId: first.runId,
      message,
      thread: outbox.thread(first.runId, lane),
      under: message.verb === 'resolve' || message.verb === 'acknowledge' ? outbox.under(first) : null,
    };
    const outcome = await tried(first.channel, letter);
    await record(batch, settled(batch, lane, outcome));
    deps.onChange(first.runId);
  };

  const pump = (lane: string): void => {
    if (closed || busy.has(lane)) return;
    const picked = pick(lane, clock.now());
    if (picked === null) return;
    if ('inMs' in picked) return wake(lane, picked.inMs);
    busy.add(lane);
    const work = send(picked, lane)
      .catch((cause: unknown) => {
        // Nothing left yet: it could not be marked as being sent.
        deps.appLog.error('a notice could not be taken up', cause);
        quietUntil.set(lane, clock.now() + backOff.mostMs);
      })
      .finally(() => {
        busy.delete(lane);
        underWay.delete(work);
        pump(lane);
      });
    underWay.add(work);
  };

  return {
    /** The machine slept, or the network is back: whatever waits is looked at now. */
    woke: (): void => {
      for (const lane of outbox.lanes()) pump(lane);
    },
    /** Something was queued. */
    kick: (kept: Pick<Kept, 'channel'>): void => pump(laneOf(kept.channel)),
    /** Waits for the turn of a request that is not in the outbox, and takes it. */
    turn: async (channel: Kept['channel']): Promise<void> => {
      const now = clock.now();
      const at = Math.max(now, pace.get(paceOf(channel)) ?? 0);
      pace.set(paceOf(channel), at + gapOf(channel));
      if (at > now) await sleep(at - now, undefined, { ref: false });
    },
    /** What was queued before, and what was being sent when the room last ended: `ended` tells what the history knows. */
    open: (ended: Ended): void => {
      for (const kept of outbox.inState('sending')) {
        const known = ended(kept.runId, kept.batch ?? kept.key);
        const now = clock.now();
        if (known !== null) outbox.change([kept.key], now, { ...known, dueAt: null });
        else if (deps.kinds.get(kept.channel.kind)?.dedupes(kept.message) === true)
          outbox.change([kept.key], now, { state: 'queued', dueAt: now, maybe: true });
        else {
          const sentence = 'War Room ended while it was being sent: it may have gone out.';
          deps.tell(kept.runId as RunId, {
            type: 'notice-uncertain',
            body: { ...about(kept), sentence, attempts: kept.attempts },
          });
          outbox.change([kept.key], now, { state: 'unknown', dueAt: null, sentence });
        }
      }
      for (const lane of outbox.lanes()) pump(lane);
    },
    /** Nothing more starts; what is under way gets a moment to end, and is found half way otherwise. */
    close: async (): Promise<void> => {
      closed = true;
      for (const timer of timers.values()) clearTimeout(timer);
      await Promise.race([Promise.allSettled(underWay), sleep(lastMomentMs, undefined, { ref: false })]);
      over = true;
    },
  };
};
