import { z } from 'zod';

const words = z.string().max(20_000);
/** "probe/health#2": the subject, and the how many-th alarm of it this is. */
const alarm = z.string().min(1).max(300);
/** Every entry names its alarm, and its subject as people call it. */
const ofOne = { alarm, label: words };

export const priorities = ['high', 'medium', 'low'] as const;
export type Priority = (typeof priorities)[number];

const standsFor = {
  ...ofOne,
  subject: z.enum(['probe', 'metric']),
  id: z.string(),
  priority: z.enum(priorities),
  sentence: words,
  todo: words.min(1),
  /** Who acts: the label of a role. */
  owner: words,
  /** The probe or metric whose own alarm explains this one; null where it stands for itself. */
  cause: z.string().nullable(),
  /** What people call that one. */
  because: words.optional(),
};

/** The facts of alarms. Few on purpose: a subject that goes to and fro all night is a handful of entries. */
export const alarmBodies = {
  'alarm-raised': z.strictObject(standsFor),
  /** Critical, and for so long nobody could tell how it is that somebody has to see to it. It says nothing of a failure. */
  'alarm-unjudged': z.strictObject(standsFor),
  /** Failed again so soon after it had cleared that it is the same alarm. */
  'alarm-returned': z.strictObject({ ...ofOne, sentence: words, cause: z.string().nullable().optional() }),
  'alarm-worsened': z.strictObject({ ...ofOne, priority: z.enum(priorities), sentence: words }),
  /** Comes and goes: one alarm, and silent, until it holds still. */
  'alarm-chattering': z.strictObject({ ...ofOne, flaps: z.number().int() }),
  'alarm-steadied': z.strictObject({ ...ofOne }),
  /** What explained it is well again, and it still fails: it stands for itself now. */
  'alarm-surfaced': z.strictObject({ ...ofOne }),
  /** The condition is gone; whether anybody saw it is told by its acknowledgement. */
  'alarm-cleared': z.strictObject({ ...ofOne, sentence: words }),
  'alarm-acknowledged': z.strictObject({ ...ofOne }),
  'alarm-shelved': z.strictObject({ ...ofOne, until: z.number().int(), reason: z.string().trim().min(10).max(2_000) }),
  'alarm-unshelved': z.strictObject({ ...ofOne }),
  /** `count`: new alarms in the last ten minutes. */
  'alarm-flood-started': z.strictObject({ count: z.number().int() }),
  'alarm-flood-ended': z.strictObject({ count: z.number().int() }),
} as const;
