import { z } from 'zod';
import { alarmBodies } from './alarms/events.ts';
import { auditBodies } from './audit/events.ts';
import { clockBodies } from './clock-events.ts';
import { detailBodies } from './details/events.ts';
import { escalationBodies } from './escalation/events.ts';
import { commandBodies } from './commands/events.ts';
import { healthStates } from './health.ts';
import { incidentBodies } from './incidents/events.ts';
import { noticeBodies } from './notices/events.ts';
import { moveBodies } from './move/events.ts';
import { paperMark } from './paper/mark.ts';
import { rollbackBodies } from './rollback/events.ts';
import type { FieldId, ItemId } from './runbook/model.ts';
import { signOffBodies } from './sign-off/events.ts';
import { verdictBodies } from './verdict/events.ts';
import { wallBodies } from './wall/events.ts';

/**
 * Facts in the past tense. A shipped event is never edited: a new meaning gets a new name. Small and readable; numbers
 * that come by the thousand are samples, and only a change of health that they cause is an event.
 */

export type RunId = string & { readonly __brand: 'RunId' };

const itemId = z
  .string()
  .min(1)
  .max(400)
  .transform((id) => id as ItemId);
const fieldId = z
  .string()
  .min(1)
  .max(500)
  .transform((id) => id as FieldId);
const words = z.string().max(20_000);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);
const health = z.enum(healthStates);

export const outcomes = ['complete', 'complete-except-deferred', 'complete-with-overrides', 'stopped'] as const;

/** Every event by its type: the shape of its body. */
export const eventBodies = {
  'run-started': z.strictObject({
    title: words,
    service: words,
    environment: z.enum(['practice', 'development', 'staging', 'production']),
    release: words,
    practice: z.boolean(),
    items: z.number().int().min(0),
    runbook: z.strictObject({ name: words, sha256: z.string().length(64) }),
    target: z.strictObject({ name: words, sha256: z.string().length(64) }),
    plannedT0: z.number().int().nullable(),
    /** False where inferred items were switched off; left out where they count. */
    inferred: z.boolean().optional(),
  }),
  /** The room opened this run (again): nothing sensed before it counts until it is sensed anew. */
  'room-opened': z.strictObject({ version: words }),
  'operator-joined': z.strictObject({ name: words, role: words.nullable() }),
  't0-set': z.strictObject({ t0: z.number().int(), source: z.enum(['person', 'probe']), sentence: words }),
  't0-corrected': z.strictObject({ t0: z.number().int(), reason }),
  'item-focused': z.strictObject({ item: itemId }),
  'item-ticked': z.strictObject({ item: itemId, value: words.nullable(), paper: paperMark.optional() }),
  'item-unticked': z.strictObject({ item: itemId, reason }),
  'field-filled': z.strictObject({
    field: fieldId,
    item: itemId.nullable(),
    value: words,
    metric: z.string().nullable(),
    /** Where the room took it from, in words; left out where a person or a metric gave it. */
    source: z.string().optional(),
    paper: paperMark.optional(),
  }),
  'item-noted': z.strictObject({ item: itemId.nullable(), text: words.min(1) }),
  'item-sensed': z.strictObject({
    item: itemId,
    state: health,
    value: words,
    sentence: words,
    /** The probes and metrics that answered. */
    sources: z.array(z.string()),
    sampleAt: z.number().int().nullable(),
  }),
  'item-overridden': z.strictObject({ item: itemId, reason }),
  'item-deferred': z.strictObject({ item: itemId, phase: z.string(), reason }),
  'item-waived': z.strictObject({ item: itemId, reason }),
  /** Takes back an override, a deferral or a waiver. */
  'item-reopened': z.strictObject({ item: itemId, reason }),
  'health-changed': z.strictObject({
    subject: z.enum(['probe', 'metric']),
    id: z.string(),
    label: words,
    from: health,
    to: health,
    text: words,
    sentence: words,
    sampleAt: z.number().int().nullable(),
  }),
  /** A number or a choice that a person typed for a probe which takes such. */
  'value-typed': z.strictObject({ probe: z.string(), label: words, value: z.string().min(1).max(200) }),
  'fault-switched': z.strictObject({ fault: z.string(), level: z.number(), label: words }),
  'clock-moved': z.strictObject({ byMs: z.number().int() }),
  ...alarmBodies,
  ...clockBodies,
  ...detailBodies,
  ...escalationBodies,
  ...incidentBodies,
  ...commandBodies,
  ...moveBodies,
  ...rollbackBodies,
  ...noticeBodies,
  ...verdictBodies,
  ...auditBodies,
  ...signOffBodies,
  ...wallBodies,
  'run-closed': z.strictObject({
    outcome: z.enum(outcomes),
    open: z.number().int(),
    settled: z.number().int(),
    deferred: z.number().int(),
    overrides: z.number().int(),
    /** Items that did not apply; left out by versions that did not count them. */
    waived: z.number().int().optional(),
    reason: words.nullable(),
  }),
} as const;

export type EventType = keyof typeof eventBodies;
export type EventBody<T extends EventType> = z.output<(typeof eventBodies)[T]>;

/** What a procedure asks the log to append. */
export type NewEvent = {
  [T in EventType]: { readonly type: T; readonly body: z.input<(typeof eventBodies)[T]> };
}[EventType];

/** Who did it: taken from the caller's connection, never from what the caller sends. */
export type Actor =
  | { readonly kind: 'person'; readonly name: string; readonly role: string | null; readonly via: 'desk' | 'served' }
  | { readonly kind: 'probe'; readonly probe: string }
  | { readonly kind: 'app' };

/** An event as it stands in the log. `at` is UTC epoch ms; `seq` is dense over the whole log; hashes are hex SHA-256. */
export type RecordedEvent = {
  [T in EventType]: {
    readonly seq: number;
    readonly at: number;
    readonly runId: RunId;
    readonly type: T;
    readonly body: EventBody<T>;
    readonly by: Actor;
    readonly prevHash: string;
    readonly hash: string;
  };
}[EventType];
