import { z } from 'zod';
import { durationSchema, idSchema } from '../target/terms.ts';

/** How a target says what to roll back, where, and who may say so. */

const stepSchema = z.strictObject({
  kind: z.string().describe('The kind of step: command script http kubernetes wait notice ask'),
  label: z.string().min(1),
  timeout: durationSchema.describe('How long the whole step may take; there is no step without a limit'),
  with: z.record(z.string(), z.unknown()).default({}),
});

const kubernetesSchema = z.strictObject({
  context: z
    .string()
    .min(1)
    .max(300)
    .describe("The context's name in the kubeconfig; always passed, never the current one"),
  namespace: z.string().min(1).max(63),
  kubeconfig: z.string().optional().describe('The file with the context; the usual one of this machine if left out'),
  service: z.string().min(1).describe('The Service whose ready pods the guard counts'),
  identity: z.string().optional().describe('UID of the namespace kube-system; pinned when the run starts if left out'),
});
export type KubernetesTarget = z.output<typeof kubernetesSchema>;

const watchSchema = {
  probes: z.array(idSchema).default([]).describe('Probes that must be up'),
  metrics: z.array(idSchema).default([]).describe('Metrics that must be inside their lines'),
  for: durationSchema.default(120_000).describe('How long without a break'),
};

const bundledSchema = z.discriminatedUnion('name', [
  z.strictObject({
    name: z.literal('two-deployments'),
    current: z.string().min(1).describe('The Deployment of the new version'),
    previous: z.string().min(1).describe('The Deployment of the version before, kept at any size'),
    labels: z.record(z.string(), z.string()).describe('The selector that sends the traffic to the previous version'),
    ...watchSchema,
  }),
  z.strictObject({
    name: z.literal('one-deployment'),
    deployment: z.string().min(1),
    ...watchSchema,
  }),
]);
export type BundledPlan = z.output<typeof bundledSchema>;

export const rollbackSchema = z
  .strictObject({
    authority: idSchema.default('engineering-lead').describe('The role that authorises a rollback'),
    to: z.string().optional().describe('The version to go back to, where the cluster does not tell'),
    kubernetes: kubernetesSchema.optional(),
    plan: bundledSchema.optional(),
    steps: z.array(stepSchema).default([]),
    rehearses: z
      .array(z.string())
      .default([])
      .describe('Items, in their own words, that a rollback outside of production answers, here and in later runs'),
    recovery: z
      .strictObject({ for: durationSchema.default(300_000), within: durationSchema.default(600_000) })
      .default({ for: 300_000, within: 600_000 })
      .describe(
        'Afterwards: how long every metric stays where its baseline was, and what is critical inside its lines; and within what time',
      ),
  })
  .refine((rollback) => rollback.plan === undefined || rollback.steps.length === 0, {
    message: 'write either a bundled plan or steps, not both',
  })
  .refine((rollback) => rollback.plan === undefined || rollback.kubernetes !== undefined, {
    message: 'a bundled plan needs "kubernetes": the context and the namespace are never guessed',
  });

export const deploySchema = z.strictObject({
  steps: z.array(stepSchema).min(1),
  ticks: z.array(z.string()).default([]).describe('Items, in their own words, that a finished deployment ticks'),
});
