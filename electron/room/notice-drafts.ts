import { WarRoomError } from '../../shared/errors.ts';
import type { Actor, EventBody, RecordedEvent } from '../../shared/events.ts';
import { goesByItself } from '../../shared/notices/config.ts';
import type { ChannelSpec } from '../../shared/notices/config.ts';
import { draftsOf } from '../../shared/notices/drafts.ts';
import { practiceMark } from '../../shared/notices/model.ts';
import type { Channel, Message, Occasion } from '../../shared/notices/model.ts';
import type { NewNotice } from '../../shared/notices/outbox.ts';
import type { NoticeRun } from '../../shared/notices/run.ts';
import { authorityLabel } from '../../shared/rollback/authority.ts';
import type { Target } from '../../shared/target/schema.ts';
import { noticeKinds } from '../notify/index.ts';
import type { NoticeKind } from '../notify/notice.ts';

export const kinds: ReadonlyMap<string, NoticeKind> = new Map(noticeKinds.map((kind) => [kind.kind, kind]));

export const channelOf = ({ kind, label, with: own }: ChannelSpec): Channel => ({ kind, label, with: own });

const told = (spec: ChannelSpec, message: Message): boolean => {
  const kind = kinds.get(spec.kind);
  return (
    kind?.audience === message.audience && (spec.on ?? kind.occasions).includes(message.occasion) && kind.takes(message)
  );
};

/** Whether the one who decides hears of it: by itself, after a click, or not at all. */
export const whoHears = (target: Target, occasion: Occasion): string => {
  const lead = authorityLabel(target);
  const told = target.notices.filter(({ kind, on }) => (on ?? kinds.get(kind)?.occasions ?? []).includes(occasion));
  const labels = (specs: readonly ChannelSpec[]): string => specs.map(({ label }) => label).join(', ');
  const auto = told.filter((spec) => goesByItself(spec, occasion));
  const rest = told.filter((spec) => !auto.includes(spec));
  if (told.length === 0) return `No channel of this target tells the ${lead}: do it yourself, now.`;
  if (auto.length === 0) return `A notice for the ${lead} waits under Notices for your click (${labels(rest)}).`;
  return `The ${lead} is told at once (${labels(auto)})${rest.length === 0 ? '.' : `; for ${labels(rest)} it waits under Notices.`}`;
};

export const named = (by: Actor): string => (by.kind === 'person' ? by.name : 'rule');

/** Alarms come by the hundred, and are told together however bad each is. */
const isUrgent = ({ tone, occasion }: Message): boolean => tone === 'critical' && occasion !== 'alarm';

/** What an event of a run gives for each channel of its target. */
export const draftsFor = (event: RecordedEvent, run: NoticeRun, target: Target): readonly NewNotice[] =>
  draftsOf(event, run, authorityLabel(target)).flatMap((message, at) =>
    target.notices
      .filter((spec) => told(spec, message))
      .map((spec) => ({
        key: `${event.runId}/${event.seq}.${at}/${spec.label}`,
        runId: event.runId,
        channel: channelOf(spec),
        message,
        urgent: isUrgent(message) || kinds.get(spec.kind)?.merges(message) !== true,
      })),
  );

/** What a test of a channel says: marked, and paging nobody. */
export const testOf = (target: Target, started: EventBody<'run-started'> | null, now: number, by: Actor): Message => {
  const practice = started?.practice === true;
  return {
    occasion: 'test',
    verb: 'change',
    audience: 'team',
    tone: 'info',
    to: null,
    subject: 'test',
    title: `${practice ? practiceMark : ''}TEST from War Room: ${target.service}`,
    text: `${named(by)} tests this channel. Nothing happened, and nothing has to be done.`,
    facts: [],
    at: now,
    practice,
    maintenance: null,
  };
};

/** Throws not-found where this version knows no such kind. */
export const kindOf = (channel: Channel): NoticeKind => {
  const kind = kinds.get(channel.kind);
  if (kind === undefined)
    throw new WarRoomError('not-found', `This version knows no channel of kind "${channel.kind}".`);
  return kind;
};
