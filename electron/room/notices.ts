import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventType, NewEvent, RunId } from '../../shared/events.ts';
import { goesByItself } from '../../shared/notices/config.ts';
import type { ChannelSpec } from '../../shared/notices/config.ts';
import type { ChannelView, DesktopNotice, NoticesNow, NoticeView } from '../../shared/notices/contract.ts';
import { occasions, practiceMark, wordsOf } from '../../shared/notices/model.ts';
import { about, laneOf } from '../../shared/notices/outbox.ts';
import type { Kept, NewNotice, Outbox } from '../../shared/notices/outbox.ts';
import { noticeRunProjection } from '../../shared/notices/run.ts';
import type { NoticeRun } from '../../shared/notices/run.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Letter } from '../notify/notice.ts';
import { attempt, createSender } from '../notify/sender.ts';
import { ProbeAbsent, ProbeUnknown } from '../probes/probe.ts';
import type { EventLog } from '../store/event-log.ts';
import { resolveParams } from '../target/resolve.ts';
import type { Sources } from '../target/resolve.ts';
import { channelOf, draftsFor, kindOf, kinds, named, testOf } from './notice-drafts.ts';
import type { Rooms } from './rooms.ts';

export type Notices = {
  readonly now: (runId: RunId) => Promise<NoticesNow>;
  readonly onChange: (listener: (runId: string) => void) => () => void;
  readonly onDesktop: (listener: (notice: DesktopNotice) => void) => () => void;
  readonly send: (runId: RunId, key: string, by: Actor) => void;
  readonly edit: (
    runId: RunId,
    key: string,
    words: { readonly title: string; readonly text: string },
    by: Actor,
  ) => void;
  readonly discard: (runId: RunId, key: string, by: Actor) => void;
  readonly test: (
    runId: RunId,
    channel: string,
    by: Actor,
  ) => Promise<{ readonly sent: boolean; readonly sentence: string }>;
  /** Drafts what was missed, takes up what was queued, and says what was cut off. */
  readonly resume: () => Promise<void>;
  /** The machine slept: what waits is tried now. */
  readonly woke: () => void;
  /** What is being sent gets a moment to end. */
  readonly close: () => Promise<void>;
};

type Deps = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly log: EventLog;
  readonly sources: Sources;
  readonly outbox: Outbox;
};

const app: Actor = { kind: 'app' };
/** What goes out by rule waits this long for what belongs with it: many alarms at once become one message. */
const gatherMs = 1_000;
/** What a window is shown at most, besides everything that waits for a person. */
const mostShown = 300;

const ends = {
  'notice-sent': 'sent',
  'notice-failed': 'failed',
  'notice-uncertain': 'unknown',
} as const satisfies Partial<Record<EventType, string>>;

/** How the history says that a notice ended since it was last let go; null where it says nothing. */
const endIn = (log: EventLog, runId: RunId, key: string) => {
  const own = log.read(runId, 0).filter(({ body }) => 'notice' in body && body.notice === key);
  const last = own.findLast(({ type }) => type in ends || type === 'notice-released');
  if (last === undefined || last.type === 'notice-released') return null;
  const receipt = last.type === 'notice-sent' ? last.body.receipt : null;
  return { state: ends[last.type as keyof typeof ends], receipt };
};

const sendable = ['drafted', 'failed', 'not-sent', 'unknown', 'queued'];

/** Everything about notices: what the history gives to tell, who let it go, and what became of it. */
export const openNotices = (deps: Deps, rooms: Rooms): Notices => {
  const { clock, log, outbox } = deps;
  const runs = new Map<RunId, { readonly target: Target; run: NoticeRun; seq: number }>();
  const changed = new Set<(runId: string) => void>();
  const desktops = new Set<(notice: DesktopNotice) => void>();

  const resolve = async (value: unknown) => {
    try {
      return { params: await resolveParams(value, deps.sources) };
    } catch (cause) {
      if (cause instanceof ProbeUnknown || cause instanceof ProbeAbsent) return { missing: cause.message };
      throw cause;
    }
  };
  const show = (notice: DesktopNotice): number => {
    for (const listener of desktops) listener(notice);
    return desktops.size;
  };
  const tell = (runId: RunId, event: NewEvent, by: Actor = app): void => void log.append(runId, by, [event]);
  const onChange = (runId: string): void => {
    for (const listener of changed) listener(runId);
  };
  const sending = { kinds, clock, resolve, show };
  const sender = createSender({
    ...sending,
    outbox,
    appLog: deps.appLog,
    tell: (runId, event) => tell(runId, event),
    onChange,
  });

  const release = (kept: Pick<Kept, 'key' | 'channel' | 'message' | 'runId'>, by: Actor, urgent: boolean): void => {
    tell(kept.runId as RunId, { type: 'notice-released', body: { ...about(kept), text: wordsOf(kept.message) } }, by);
    const now = clock.now();
    const dueAt = now + (by.kind === 'app' && !urgent ? gatherMs : 0);
    const fresh = { attempts: 0, sentence: '', batch: null };
    outbox.change([kept.key], now, { ...fresh, state: 'queued', dueAt, releasedBy: named(by), releasedAt: now });
    sender.kick(kept);
  };

  const draft = (runId: RunId): void => {
    const known = runs.get(runId);
    if (known === undefined) return;
    const cursor = outbox.cursor(runId);
    const fresh: NewNotice[] = [];
    for (const event of log.read(runId, known.seq)) {
      known.run = noticeRunProjection.apply(known.run, event);
      known.seq = event.seq;
      if (event.seq > cursor) fresh.push(...draftsFor(event, known.run, known.target));
    }
    if (fresh.length === 0) return;
    outbox.draft(runId, known.seq, fresh, clock.now());
    for (const notice of fresh) {
      const spec = known.target.notices.find(({ label }) => label === notice.channel.label);
      const kept = outbox.get(notice.key);
      if (spec !== undefined && kept?.state === 'drafted' && goesByItself(spec, notice.message.occasion))
        release(kept, app, notice.urgent);
    }
    onChange(runId);
  };
  const know = (runId: RunId, target: Target): void => {
    if (!runs.has(runId)) runs.set(runId, { target, run: noticeRunProjection.init(null), seq: 0 });
  };
  const unlisten = log.listen((events) => {
    for (const runId of new Set(events.map((event) => event.runId))) {
      const room = rooms.all().find(({ context }) => context.runId === runId);
      if (room !== undefined) know(runId, room.context.target);
      draft(runId);
    }
  });

  const own = (runId: RunId, key: string): Kept => {
    const kept = outbox.get(key);
    if (kept === null || kept.runId !== runId) throw new WarRoomError('not-found', 'This run has no such notice.');
    return kept;
  };
  const waiting = (runId: RunId, key: string): Kept => {
    const kept = own(runId, key);
    if (kept.state !== 'drafted')
      throw new WarRoomError('conflict', 'Only a draft can be changed or discarded; this one was let go.');
    return kept;
  };

  const viewOf = (kept: Kept): NoticeView => {
    const { channel, runId, urgent: _, batch, maybe: __, ...rest } = kept;
    const letter: Letter = {
      key: kept.key,
      runId,
      message: kept.message,
      thread: outbox.thread(runId, laneOf(channel)),
    };
    const preview = kinds.get(channel.kind)?.preview(channel.with, letter) ?? {
      how: channel.kind,
      words: wordsOf(kept.message),
      body: null,
    };
    // What went out together did so under a key of its own; sent again it goes alone.
    const once = batch === null && kinds.get(channel.kind)?.dedupes(kept.message) === true;
    return { ...rest, channel: channel.label, kind: channel.kind, preview, once };
  };
  const channelView = async (spec: ChannelSpec): Promise<ChannelView> => {
    const kind = kinds.get(spec.kind);
    const resolved = await resolve(spec.with);
    const on = spec.on ?? kind?.occasions ?? [];
    return {
      label: spec.label,
      kind: spec.kind,
      summary: kind?.summary ?? '',
      on,
      auto: occasions.filter((occasion) => on.includes(occasion) && goesByItself(spec, occasion)),
      problem: 'missing' in resolved ? resolved.missing : null,
    };
  };

  const test: Notices['test'] = async (runId, label, by) => {
    const { context, head } = rooms.open(runId);
    const spec = context.target.notices.find((one) => one.label === label);
    if (spec === undefined) throw new WarRoomError('not-found', `This target has no channel "${label}".`);
    const channel = channelOf(spec);
    const now = clock.now();
    const message = testOf(context.target, head().started, now, by);
    const key = `${runId}/test-${now.toString(36)}-${Math.random().toString(36).slice(2, 8)}/${label}`;
    const noted = about({ key, channel, message });
    tell(runId, { type: 'notice-released', body: { ...noted, text: wordsOf(message) } }, by);
    const begun = clock.monotonic();
    await sender.turn(channel);
    const outcome = await attempt(sending, channel, { key, runId, message, thread: null });
    if (outcome.kind === 'sent') {
      const { receipt } = outcome;
      tell(runId, { type: 'notice-sent', body: { ...noted, receipt, attempts: 1, latenessMs: 0, count: 1 } });
      return { sent: true, sentence: `${label} took it in ${Math.round(clock.monotonic() - begun)} ms.` };
    }
    const { sentence } = outcome;
    const type = (
      {
        refused: 'notice-failed',
        unsure: 'notice-uncertain',
        later: 'notice-not-sent',
        held: 'notice-not-sent',
      } as const
    )[outcome.kind];
    tell(runId, { type, body: { ...noted, sentence, attempts: 1 } });
    return { sent: false, sentence };
  };

  return {
    now: async (runId) => {
      const { target } = await rooms.contextOf(runId);
      const all = outbox.ofRun(runId);
      const shown = all.filter(({ state }, at) => at < mostShown || state === 'drafted');
      return { channels: await Promise.all(target.notices.map(channelView)), notices: shown.map(viewOf) };
    },
    onChange: (listener) => {
      changed.add(listener);
      return () => changed.delete(listener);
    },
    onDesktop: (listener) => {
      desktops.add(listener);
      return () => desktops.delete(listener);
    },
    send: (runId, key, by) => {
      const kept = own(runId, key);
      if (!sendable.includes(kept.state)) throw new WarRoomError('conflict', 'This notice went out, or is on its way.');
      kindOf(kept.channel);
      release(kept, by, kept.urgent);
      onChange(runId);
    },
    edit: (runId, key, { title, text }, by) => {
      const kept = waiting(runId, key);
      const marked = kept.message.practice && !title.startsWith(practiceMark) ? `${practiceMark}${title}` : title;
      const message = { ...kept.message, title: marked, text };
      outbox.reword(key, clock.now(), message);
      tell(runId, { type: 'notice-edited', body: { ...about({ ...kept, message }), text: wordsOf(message) } }, by);
      onChange(runId);
    },
    discard: (runId, key, by) => {
      const kept = waiting(runId, key);
      tell(runId, { type: 'notice-discarded', body: about(kept) }, by);
      outbox.change([key], clock.now(), { state: 'discarded', dueAt: null });
      onChange(runId);
    },
    test,
    resume: async () => {
      for (const { id } of rooms.list()) {
        if (log.read(id, Math.max(outbox.cursor(id), 1), 1).length === 0) continue;
        know(id, (await rooms.contextOf(id)).target);
        draft(id);
      }
      sender.open((runId, key) => endIn(log, runId as RunId, key));
    },
    woke: sender.woke,
    close: async () => {
      unlisten();
      await sender.close();
    },
  };
};
