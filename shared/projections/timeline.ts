import { alarmLine } from '../alarms/timeline.ts';
import { auditLine } from '../audit/timeline.ts';
import { commandLine } from '../commands/timeline.ts';
import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import { escalationLine } from '../escalation/timeline.ts';
import { detailLine } from '../details/words.ts';
import { withoutName } from '../format.ts';
import type { HealthState } from '../health.ts';
import { incidentLine } from '../incidents/timeline.ts';
import { noticeLine } from '../notices/timeline.ts';
import { outcomeWords } from '../outcome.ts';
import { rollbackLine } from '../rollback/timeline.ts';
import { moveLine } from '../move/timeline.ts';
import type { Field, FieldId, Item, ItemId, Runbook } from '../runbook/model.ts';
import { signOffLine } from '../sign-off/timeline.ts';
import type { ItemState } from './checklist.ts';
import { clockLine } from './clock-lines.ts';
import { verdictLine } from '../verdict/timeline.ts';

/** One line of the timeline. `tone` picks the glyph; `topic` is what a filter picks by. */
export type TimelineEntry = {
  readonly seq: number;
  readonly at: number;
  readonly tone: ItemState | 'running' | 'note' | 'clock' | 'person';
  readonly topic:
    | 'run'
    | 'item'
    | 'health'
    | 'note'
    | 'clock'
    | 'practice'
    | 'rollback'
    | 'alarm'
    | 'incident'
    | 'notice';
  readonly text: string;
  readonly detail: string | null;
  readonly by: string;
  readonly item: ItemId | null;
};

export type Named = ItemId | FieldId;

/** What a blank or choice is called; a signature has a name and mostly a date. */
const fieldNames = (fields: readonly Field[]): readonly (readonly [FieldId, string])[] =>
  fields.flatMap((field) =>
    field.kind === 'signature'
      ? [
          [field.name.id, field.role] as const,
          ...(field.date === null ? [] : [[field.date.id, `${field.role}, date`] as const]),
        ]
      : [[field.id, field.label.replace(/\s*:?\s*$/u, '')] as const],
  );

/** The words of every item and the label of every field, by id, for sentences about them. */
export const itemWords = (runbook: Runbook): ReadonlyMap<Named, string> => {
  const words = new Map<Named, string>();
  const name = (fields: readonly Field[]): void => fieldNames(fields).forEach(([id, label]) => words.set(id, label));
  const walk = (item: Item): void => {
    words.set(item.id, item.text);
    name(item.fields);
    item.children.forEach(walk);
  };
  for (const section of [...runbook.phases.flatMap(({ sections }) => sections), ...runbook.references])
    for (const block of section.blocks) {
      if (block.kind === 'item') walk(block.item);
      else if (block.kind === 'form' || block.kind === 'table') name(block.fields);
    }
  return words;
};

export const actorName = (by: Actor): string =>
  by.kind === 'person' ? by.name : by.kind === 'probe' ? by.probe : 'War Room';

type Line = Pick<TimelineEntry, 'tone' | 'topic' | 'text'> & Partial<Pick<TimelineEntry, 'detail' | 'item'>>;
type Words = (named: Named) => string;

const healthLine = (body: EventBody<'health-changed'>): Line | null => {
  // The first answer of a probe is no news; the items it settles have lines of their own.
  if (body.from === 'pending' && body.to !== 'fail' && body.to !== 'warn') return null;
  const verbs: Partial<Record<HealthState, string>> = {
    ok: 'is ok',
    fail: 'failed',
    warn: 'is past its target line',
    stale: 'is stale',
    unknown: 'is unknown',
    little: 'has not enough data',
    internal: 'met a fault of our own',
    absent: 'is not available here',
  };
  // The sentence begins with the name and mostly has the value: neither is said twice in a line.
  const detail = withoutName(body.sentence, body.label);
  const told = body.text === '' || detail.includes(body.text);
  return {
    tone: body.to,
    topic: 'health',
    text: `${body.label} ${verbs[body.to] ?? `is ${body.to}`}${told ? '' : `: ${body.text}`}`,
    detail,
  };
};

const marks: Readonly<Record<string, { readonly tone: ItemState; readonly verb: string }>> = {
  'item-unticked': { tone: 'open', verb: 'Unticked' },
  'item-overridden': { tone: 'overridden', verb: 'Overridden' },
  'item-deferred': { tone: 'deferred', verb: 'Deferred' },
  'item-waived': { tone: 'waived', verb: 'Not applicable' },
  'item-reopened': { tone: 'open', verb: 'Reopened' },
};

/** An item with several blanks names the one; where its own words say the same, once is enough. */
const fieldWords = ({ item, field }: EventBody<'field-filled'>, words: Words): string => {
  const label = words(field);
  const own = item === null ? '' : words(item);
  if (label === '' || label === field || own.toLowerCase().startsWith(label.toLowerCase()))
    return own === '' ? 'Field' : own;
  return own === '' ? label : `${own}, ${label}`;
};

const itemLine = (event: RecordedEvent, words: Words): Line | null => {
  switch (event.type) {
    case 'item-ticked':
      return {
        tone: 'done',
        topic: 'item',
        text: words(event.body.item),
        detail: event.body.value,
        item: event.body.item,
      };
    case 'item-sensed':
      return {
        tone: event.body.state,
        topic: 'item',
        text: `${words(event.body.item)}${event.body.value === '' ? '' : `: ${event.body.value}`}`,
        detail: event.body.sentence,
        item: event.body.item,
      };
    case 'item-unticked':
    case 'item-overridden':
    case 'item-deferred':
    case 'item-waived':
    case 'item-reopened': {
      const { tone = 'open', verb = '' } = marks[event.type] ?? {};
      return {
        tone,
        topic: 'item',
        text: `${verb}: ${words(event.body.item)}`,
        detail: event.body.reason,
        item: event.body.item,
      };
    }
    case 'field-filled':
      return {
        tone: 'done',
        topic: 'item',
        text: `${fieldWords(event.body, words)}: ${event.body.value}`,
        item: event.body.item,
      };
    case 'item-noted':
      return {
        tone: 'note',
        topic: 'note',
        text: event.body.text,
        detail: event.body.item === null ? null : words(event.body.item),
        item: event.body.item,
      };
    default:
      return null;
  }
};

const runLine = (event: RecordedEvent): Line | null => {
  switch (event.type) {
    case 'run-started':
      return {
        tone: 'running',
        topic: 'run',
        text: `${event.body.practice ? 'Practice run' : 'Run'} started: ${event.body.service} ${event.body.release}`,
        detail: event.body.title,
      };
    case 'room-opened':
      return { tone: 'pending', topic: 'run', text: 'Room opened: every sensed item is asked anew' };
    case 'operator-joined':
      return { tone: 'person', topic: 'run', text: `${event.body.name} is at the desk`, detail: event.body.role };
    case 't0-set':
      return { tone: 'clock', topic: 'clock', text: `T-0 set: ${event.body.sentence}` };
    case 't0-corrected':
      return { tone: 'clock', topic: 'clock', text: 'T-0 corrected', detail: event.body.reason };
    case 'clock-moved':
      return {
        tone: 'clock',
        topic: 'clock',
        text: `This machine's clock moved by ${Math.round(event.body.byMs / 1_000)} s`,
      };
    case 'value-typed':
      return { tone: 'note', topic: 'item', text: `${event.body.label}: ${event.body.value}` };
    case 'fault-switched':
      return {
        tone: 'note',
        topic: 'practice',
        text: `Practice fault ${event.body.level > 0 ? 'on' : 'off'}: ${event.body.label}`,
      };
    case 'walls-silenced':
      return { tone: 'note', topic: 'run', text: 'Walls silenced: a change is shown, and not heard' };
    case 'walls-sounded':
      return { tone: 'note', topic: 'run', text: 'Walls sound again' };
    case 'run-closed':
      return {
        tone: 'done',
        topic: 'run',
        text: `Run closed: ${outcomeWords(event.body)}`,
        detail: event.body.reason,
      };
    default:
      return null;
  }
};

/** Nouns with timeline words of their own. */
const ownTopic = (event: RecordedEvent): Line | null => {
  const verdict = verdictLine(event);
  if (verdict !== null) return { ...verdict, topic: 'clock' };
  const rollback = rollbackLine(event);
  if (rollback !== null) return { ...rollback, topic: 'rollback' };
  const notice = noticeLine(event);
  if (notice !== null) return { ...notice, topic: 'notice' };
  const command = commandLine(event);
  if (command !== null) return { ...command, topic: 'item' };
  const alarm = alarmLine(event);
  if (alarm !== null) return { ...alarm, topic: 'alarm' };
  const incident = incidentLine(event) ?? escalationLine(event);
  if (incident !== null) return { ...incident, topic: 'incident' };
  const audit = auditLine(event);
  return audit === null ? (detailLine(event) ?? signOffLine(event)) : { ...audit, topic: 'run' };
};

/** The timeline's line for an event, or null for those that only move a cursor. */
export const describeEvent = (event: RecordedEvent, words: ReadonlyMap<Named, string>): TimelineEntry | null => {
  const line =
    event.type === 'health-changed'
      ? healthLine(event.body)
      : (itemLine(event, (named) => words.get(named) ?? named) ??
        runLine(event) ??
        moveLine(event) ??
        clockLine(event) ??
        ownTopic(event));
  return line === null
    ? null
    : { detail: null, item: null, ...line, seq: event.seq, at: event.at, by: actorName(event.by) };
};
