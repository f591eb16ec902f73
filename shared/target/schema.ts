import { z } from 'zod';
import { channelSchema } from '../notices/config.ts';
import { commandsSchema } from '../commands/config.ts';
import { deploySchema, rollbackSchema } from '../rollback/config.ts';
import { beyond } from './line.ts';
import type { Line, LineOp } from './line.ts';
import { durationSchema, idSchema } from './terms.ts';
import { priorities } from '../alarms/events.ts';

/**
 * The target file: what to probe, which items the answers belong to, how to roll back, whom to tell.
 * Pure shape only. What a probe or step kind wants under `with` is checked by that kind's own schema on the Node side.
 */

/** "< 500" or ">= 99.5": the side of the line on which all is well. */
export const lineSchema = z
  .string()
  .regex(
    /^(<|<=|>|>=|=)\s*-?\d+(\.\d+)?$/,
    'a limit is a sign and a number, such as "< 500", in the unit of the metric',
  )
  .transform((text) => {
    const [, op = '<', value = '0'] = /^(<=|>=|<|>|=)\s*(.+)$/.exec(text) ?? [];
    return { op: op as LineOp, value: Number(value) };
  });

/**
 * "> 1000": when the alarm is raised, as teams write it ("Alert: p95 > 1000 ms"). Kept, like every line, as the side on
 * which all is well.
 */
export const alertSchema = lineSchema
  .refine(({ op }) => op !== '=', 'an alert is a side of a number, such as "> 1000"')
  .transform((line): Line => beyond(line));

export type { Line } from './line.ts';

const breachSchema = z
  .string()
  .regex(/^\d+ of \d+$/, 'write it as "2 of 3"')
  .transform((text) => {
    const [x = 1, y = 1] = text.split(' of ').map(Number);
    return { x, y };
  })
  .refine(
    ({ x, y }) => x >= 1 && x <= y && y <= 60,
    'the first number lies between 1 and the second, which is at most 60',
  );

/** What makes an alarm of a failure: who does what, how urgently, and where that is written. */
const alarmSchema = {
  todo: z
    .string()
    .min(1)
    .optional()
    .describe('What a person does when it fails; without it the probe colours its tile and raises no alarm'),
  owner: idSchema.optional().describe('The role that acts; the on-call role if left out'),
  priority: z
    .enum(priorities)
    .optional()
    .describe('How urgent its failure is; if left out high where it is critical, else medium. Amber is low'),
  procedure: z.string().min(1).optional().describe('A heading of the document that says how to act'),
};

export const probeSchema = z.strictObject({
  kind: z.string().describe('The kind of probe: http, tls, dns, websocket, postgres, redis …'),
  label: z.string().min(1).describe('What people call it on the tile and in the timeline'),
  every: durationSchema.default(5_000).describe('Interval between starts'),
  deadline: durationSchema.default(4_000).describe('Total time for one attempt, from name lookup to last byte'),
  once: z
    .boolean()
    .default(false)
    .describe('Runs once when its item opens and on demand only: for requests that cost or change something'),
  with: z.record(z.string(), z.unknown()).default({}).describe('What this kind needs; see its own schema'),
  shows: z
    .string()
    .min(1)
    .optional()
    .describe('What stands as its value, with {name} for a fact or number of the answer; how long it took if left out'),
  critical: z.boolean().default(false),
  needs: z.array(idSchema).default([]).describe('Probes whose failure explains a failure of this one'),
  breach: breachSchema
    .optional()
    .describe('How many of the newest answers must fail before it is an alarm; "2 of 3" if left out'),
  ...alarmSchema,
});

/** How a window of a probe's numbers becomes one value. `ratio` is sum(of) / sum(series) from counters; `share` the mean of a 0/1 series. */
export const aggregations = [
  'last',
  'mean',
  'min',
  'max',
  'p50',
  'p95',
  'p99',
  'share',
  'ratio',
  'per-second',
  'delta',
] as const;
export type Aggregation = (typeof aggregations)[number];

export const metricSchema = z.strictObject({
  label: z.string().min(1),
  unit: z.string().default(''),
  probe: idSchema.describe('The probe that yields the numbers'),
  series: z.string().describe("One of the probe's numbers, such as latencyMs"),
  of: z
    .string()
    .optional()
    .describe('With ratio: the counter of the part (errors); series is then the counter of the whole (requests)'),
  scale: z.number().default(1).describe('Multiplies the value, such as 100 for a share shown in %'),
  aggregate: z.enum(aggregations).default('last'),
  window: durationSchema.default(120_000),
  target: lineSchema.optional().describe('What is wanted, such as "< 500"; on its far side the tile turns amber'),
  alert: alertSchema.optional().describe('When the red alarm is raised, such as "> 1000"'),
  breach: breachSchema
    .optional()
    .describe('How many of the newest values must lie beyond a line, such as "2 of 3"; "1 of 1" if left out'),
  ease: z
    .number()
    .min(0)
    .max(0.5)
    .optional()
    .describe(
      'How far inside a line a value must come back before the line counts as kept again, as a share of the line (or of the distance to the other line or to 100 %, where that is less); 0.02 if left out',
    ),
  counts: z.string().optional().describe('What a ratio counts, such as "logins"; "requests" if left out'),
  baseline: z.enum(['lower-is-better', 'higher-is-better', 'either']).default('lower-is-better'),
  compared: z
    .boolean()
    .default(true)
    .describe(
      'Whether it is held against the baseline; false for what a deployment cannot change, such as test coverage',
    ),
  monitor: z
    .strictObject({ probe: idSchema, name: z.string().min(1) })
    .optional()
    .describe('Its monitor elsewhere: while that probe names it among the muted, the metric is shown and not judged'),
  critical: z.boolean().default(false),
  digits: z.number().int().min(0).max(4).default(0),
  needs: z.array(idSchema).optional().describe('Probes and metrics whose failure explains that it leaves its lines'),
  ...alarmSchema,
});

export const bindingSchema = z.strictObject({
  item: z.string().min(1).describe("The item's words, as in the document"),
  section: z.string().optional().describe('The heading it stands under, where the words repeat'),
  by: z.enum(['sensed', 'command', 'assisted', 'human']),
  probe: idSchema.optional(),
  metric: z.union([idSchema, z.array(idSchema)]).optional(),
  fields: z.record(z.string(), idSchema).default({}).describe('Blank label → metric that fills it'),
  command: z.array(z.string()).optional(),
  killer: z.boolean().default(false).describe('Needs a human acknowledgement even when sensed'),
  observe: z.boolean().optional().describe('A tick alone is not enough: whoever ticks it says what they saw'),
  two: z.boolean().optional().describe('Takes two people: one does it, another one confirms'),
  note: z.string().optional().describe('How it is answered, for people'),
});

export const targetSchema = z.strictObject({
  version: z.literal(1),
  service: z.string().min(1).max(200),
  environment: z.enum(['practice', 'development', 'staging', 'production']),
  cluster: z.string().min(1).max(200).optional().describe('What is typed after the @ to confirm a rollback'),
  release: z
    .strictObject({ probe: idSchema, value: z.string() })
    .optional()
    .describe('The probe and evidence key that tell the running version'),
  probes: z.record(idSchema, probeSchema).default({}),
  metrics: z.record(idSchema, metricSchema).default({}),
  bindings: z.array(bindingSchema).default([]),
  pins: z
    .record(z.string().min(1), z.strictObject({ probe: idSchema, value: z.string() }))
    .default({})
    .describe(
      'What a baseline writes down besides the release and the images: label → probe and the fact that tells it',
    ),
  roles: z.record(idSchema, z.strictObject({ label: z.string(), people: z.array(z.string()).default([]) })).default({}),
  warmUp: durationSchema
    .default(60_000)
    .describe('Left out of every verdict after T-0, while caches fill and pods start'),
  escalation: z
    .strictObject({
      alarms: z
        .enum(['offer', 'start', 'off'])
        .default('offer')
        .describe(
          'What an alarm of high priority that nobody acknowledges does: offers to call people, calls them by itself, or neither',
        ),
      after: durationSchema.default(300_000).describe('How long nobody may acknowledge it'),
    })
    .prefault({})
    .describe("When the document's escalation path begins by itself"),
  repository: z
    .string()
    .min(1)
    .optional()
    .describe('The folder of the git repository that is deployed: only read, to fill in commits, files and authors'),
  rollback: rollbackSchema.optional(),
  deploy: deploySchema.optional(),
  notices: z.array(channelSchema).default([]).describe('Whom to tell, and of what'),
  commands: commandsSchema.optional(),
  links: z.array(z.strictObject({ label: z.string(), url: z.string() })).default([]),
});

export type Target = z.output<typeof targetSchema>;
export type ProbeSpec = z.output<typeof probeSchema>;
export type MetricSpec = z.output<typeof metricSchema>;
export type Binding = z.output<typeof bindingSchema>;
