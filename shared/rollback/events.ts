import { z } from 'zod';
import { checkSchema, placeSchema, plannedStepSchema, purposes } from './plan.ts';

/** What happens to a rollback, or to a deployment by the same executor, as facts in the past tense. */

const words = z.string().max(20_000);
const reason = z.string().trim().min(10, 'a reason has at least 10 characters').max(2_000);
const rollback = z.string().min(1).max(40);
const step = z.string().min(1).max(8);
const attempt = z.number().int().min(1);
const key = z.string().min(32).max(100);

/** What people are asked when a rollback is proposed; null where nobody could say. */
export const answersSchema = z.strictObject({
  /** Is it a critical failure? */
  critical: z.boolean().nullable(),
  /** Can it be fixed in less than 30 minutes? */
  fixable: z.boolean().nullable(),
  /** Does this release hold migrations and, if so, does the old code work on the new schema? */
  migrations: z.enum(['none', 'compatible', 'incompatible']).nullable(),
});
export type Answers = z.output<typeof answersSchema>;

export const proposalSources = ['person', 'alarm', 'gate', 'verdict'] as const;

export const rollbackBodies = {
  /** Which cluster this run is about, and what ran in it before anything was deployed. */
  'cluster-pinned': z.strictObject({
    context: words,
    namespace: words,
    identity: z.string().min(1).max(80),
    revisions: z.array(z.strictObject({ deployment: words, revision: z.number().int(), image: words })),
  }),
  'rollback-proposed': z.strictObject({
    rollback,
    purpose: z.enum(purposes),
    source: z.enum(proposalSources),
    reason,
    answers: answersSchema,
    from: words,
    to: words,
  }),
  'rollback-preflighted': z.strictObject({
    rollback,
    checks: z.array(checkSchema),
    passed: z.boolean(),
    place: placeSchema,
    from: words,
    to: words,
    /** Frozen: exactly what will run. Empty where the preflight could not get that far. */
    steps: z.array(plannedStepSchema),
    /** SHA-256 of the steps and the place: what is armed and confirmed names it. */
    plan: z.string().length(64),
    evidence: z.array(z.strictObject({ name: words, bytes: z.number().int(), sha256: z.string().length(64) })),
    tookMs: z.number().int(),
  }),
  'rollback-authorised': z.strictObject({
    rollback,
    how: z.enum(['in-person', 'code', 'break-glass']),
    /** Who authorised; null for break-glass, where it is whoever broke it. */
    lead: words.nullable(),
    reason: reason.nullable(),
  }),
  'rollback-armed': z.strictObject({ rollback, key, plan: z.string().length(64), expiresAt: z.number().int() }),
  'rollback-disarmed': z.strictObject({
    rollback,
    key,
    why: z.enum(['time', 'person', 'armed again', 'checked again']),
  }),
  /** The store holds a key, and a rollback, to one of these for ever. */
  'rollback-confirmed': z.strictObject({ rollback, purpose: z.enum(purposes), key, typed: words }),
  /** The intent: on disk before the step has any effect. */
  'step-started': z.strictObject({ rollback, step, attempt, argv: z.array(z.string()).nullable() }),
  'step-ended': z.strictObject({
    rollback,
    step,
    attempt,
    outcome: z.enum(['done', 'failed', 'unknown']),
    sentence: words,
    tookMs: z.number().int().min(0),
    exitCode: z.number().int().nullable(),
    outputBytes: z.number().int().min(0),
  }),
  'step-asked': z.strictObject({ rollback, step, attempt, question: words, expects: words.nullable() }),
  'step-answered': z.strictObject({ rollback, step, attempt, value: words }),
  'step-marked': z.strictObject({ rollback, step, as: z.enum(['done', 'not-done', 'repeat']), reason }),
  /** One of the two people that it takes to run a step against the guard. */
  'guard-overridden': z.strictObject({ rollback, step, reason }),
  'rollback-held': z.strictObject({ rollback, sentence: words }),
  'rollback-continued': z.strictObject({ rollback }),
  'rollback-aborted': z.strictObject({ rollback, reason }),
  'rollback-finished': z.strictObject({ rollback, tookMs: z.number().int().min(0), sentence: words }),
  /** `rollback`: "outside" for one that was carried out without War Room. */
  'rollback-recovered': z.strictObject({ rollback, back: z.boolean(), sentence: words }),
  /** People went back without War Room: when by their word, and who did it. A later one corrects an earlier. */
  'rollback-reported': z.strictObject({ at: z.number().int(), who: words.trim().min(1), reason }),
  'notice-wanted': z.strictObject({ to: words, text: words }),
  'deploy-locked': z.strictObject({ service: words, environment: words, reason: words }),
  'deploy-unlocked': z.strictObject({ service: words, environment: words, reason }),
} as const;
