import { z } from 'zod';

/**
 * A plan is a list of steps, frozen with its exact words and arguments before anybody confirms it. What runs is what
 * was shown: nothing is worked out again afterwards but the guard, which can only refuse.
 */

/** What a step does to the pods behind the Service, for the guard; null where it can't be told or does nothing to them. */
export const effectSchema = z.discriminatedUnion('do', [
  z.strictObject({
    do: z.literal('scale'),
    deployment: z.string(),
    replicas: z.number().int().min(0),
    from: z.number().int().min(0),
  }),
  z.strictObject({ do: z.literal('undo'), deployment: z.string(), revision: z.number().int().min(1) }),
  z.strictObject({ do: z.literal('selector'), service: z.string(), labels: z.record(z.string(), z.string()) }),
]);
export type Effect = z.output<typeof effectSchema>;

/** A step as a target, a document or a bundled plan asks for it; `with` is checked by its kind on the Node side. */
export type StepSpec = {
  readonly kind: string;
  readonly label: string;
  /** The whole step's time limit in ms; a step without one is refused. */
  readonly timeout: number;
  readonly with: Readonly<Record<string, unknown>>;
};

export const plannedStepSchema = z.strictObject({
  /** "1", "2" …: its place in the plan. */
  id: z.string().max(8),
  kind: z.string().max(40),
  label: z.string().max(500),
  timeoutMs: z.number().int().min(1),
  with: z.record(z.string(), z.unknown()),
  /** What it will do, in words. */
  words: z.string().max(20_000),
  /** The exact arguments of its process; null for a step that starts none. */
  argv: z.array(z.string()).nullable(),
  effect: effectSchema.nullable(),
  /** Only looks, so that stopping it half way changes nothing. */
  watching: z.boolean(),
});
export type PlannedStep = z.output<typeof plannedStepSchema>;

/** One preflight answer. `warn` is for a person to weigh; `fail` stops everything. */
export const checkSchema = z.strictObject({
  id: z.string().max(80),
  state: z.enum(['ok', 'warn', 'fail']),
  label: z.string().max(300),
  sentence: z.string().max(4_000),
  tookMs: z.number().int().min(0),
});
export type Check = z.output<typeof checkSchema>;

/** Where a plan acts. `identity` is the UID of the cluster's kube-system namespace. */
export const placeSchema = z.strictObject({
  service: z.string().max(300),
  cluster: z.string().max(300),
  context: z.string().max(300).nullable(),
  namespace: z.string().max(80).nullable(),
  identity: z.string().max(80).nullable(),
});
export type Place = z.output<typeof placeSchema>;

export const purposes = ['rollback', 'deploy'] as const;
export type Purpose = (typeof purposes)[number];

/** What a rollback that people carried out without War Room is called where one of ours has its id. */
export const outsideRollback = 'outside';

/** What has to be typed, letter by letter, to confirm. */
export const typedName = (place: Pick<Place, 'service' | 'cluster'>): string => `${place.service}@${place.cluster}`;

/** The times of arming and confirming, in ms. The main process holds them; windows only show them. */
export const confirmTimes = { holdMs: 1_500, armedMs: 8_000 } as const;
