import { z } from 'zod';

/** What happens to incidents, as facts in the past tense. What was wrong is corrected by a further entry, never changed. */

const words = z.string().max(20_000);
const said = words.trim().min(1);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);
const incident = z.string().min(1).max(40);
const action = z.string().min(1).max(40);
/** Run time, ms; null where people set none. */
const dueAt = z.number().nullable();

export const incidentSources = ['person', 'alarm', 'gate', 'rollback'] as const;

/** What brought it about: `id` names the alarm, the gate or the rollback. */
export const fromSchema = z.strictObject({ kind: z.enum(incidentSources), id: z.string().max(500).nullable() });

export const incidentBodies = {
  'incident-opened': z.strictObject({ incident, title: said, severity: said, from: fromSchema }),
  /** `corrects` is the `seq` of the entry that it puts right. */
  'incident-noted': z.strictObject({ incident, text: said, corrects: z.number().int().nullable() }),
  'incident-graded': z.strictObject({ incident, severity: said, reason }),
  /** The root cause as known then; a later one corrects it. */
  'incident-cause-named': z.strictObject({ incident, cause: said }),
  'incident-resolved': z.strictObject({ incident, sentence: said }),
  'incident-reopened': z.strictObject({ incident, reason }),
  /** The post-mortem was held, or people say why there is none. */
  'incident-reviewed': z.strictObject({ incident, held: z.boolean(), text: said }),
  'action-added': z.strictObject({ incident, action, text: said, owner: words, dueAt }),
  'action-changed': z.strictObject({ incident, action, owner: words, dueAt, reason }),
  'action-closed': z.strictObject({ incident, action, done: z.boolean(), text: words }),
} as const;
