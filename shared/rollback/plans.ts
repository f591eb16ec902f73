import type { BundledPlan } from './config.ts';
import type { StepSpec } from './plan.ts';

/** The two bundled plans, from a few names and the sizes that the preflight read. Nothing is ever deleted. */

const minute = 60_000;

export type TwoDeploymentsFacts = {
  /** Ready pods of the new version now: the previous one comes up to as many. */
  readonly ready: number;
  /** The wanted sizes now: the conditions under which both are scaled. */
  readonly currentReplicas: number;
  readonly previousReplicas: number;
};

const verify = (plan: BundledPlan, endpoints: number): StepSpec => ({
  kind: 'wait',
  label: 'Verify ready pods, health and error rate',
  timeout: plan.for + 10 * minute,
  with: { endpoints, probes: plan.probes, metrics: plan.metrics, forMs: plan.for },
});

/** Previous up, wait, traffic over, verify, and only then the new one down to 0, kept for the post-mortem. */
export const twoDeployments = (
  plan: Extract<BundledPlan, { readonly name: 'two-deployments' }>,
  service: string,
  facts: TwoDeploymentsFacts,
): readonly StepSpec[] => {
  // Where nothing is ready any more, the wanted size says how many there should be.
  const size = Math.max(facts.ready, 1, facts.ready === 0 ? facts.currentReplicas : 0);
  const kube = (label: string, action: Record<string, unknown>, timeout = minute): StepSpec => ({
    kind: 'kubernetes',
    label,
    timeout,
    with: action,
  });
  return [
    kube(`Previous version up to ${size}, ${facts.ready > 0 ? 'the ready count now' : 'the wanted size'}`, {
      do: 'scale',
      deployment: plan.previous,
      replicas: size,
      from: facts.previousReplicas,
    }),
    kube('Wait until its pods are ready', { do: 'status', deployment: plan.previous }, 5 * minute),
    kube('Send the traffic to it', { do: 'selector', service, labels: plan.labels }),
    verify(plan, size),
    kube('New version down to 0, kept for the post-mortem', {
      do: 'scale',
      deployment: plan.current,
      replicas: 0,
      from: facts.currentReplicas,
    }),
  ];
};

/** Back to the revision pinned at the baseline: without a number a second undo returns to the bad version. */
export const oneDeployment = (
  plan: Extract<BundledPlan, { readonly name: 'one-deployment' }>,
  facts: { readonly revision: number; readonly ready: number },
): readonly StepSpec[] => [
  {
    kind: 'kubernetes',
    label: `Back to revision ${facts.revision}`,
    timeout: minute,
    with: { do: 'undo', deployment: plan.deployment, revision: facts.revision },
  },
  {
    kind: 'kubernetes',
    label: 'Wait until its pods are ready',
    timeout: 5 * minute,
    with: { do: 'status', deployment: plan.deployment },
  },
  verify(plan, Math.max(1, facts.ready)),
];
