import { z } from 'zod';
import { WarRoomError } from '../../../shared/errors.ts';
import { kubeArguments } from '../../../shared/rollback/kubectl.ts';
import { effectSchema } from '../../../shared/rollback/plan.ts';
import type { Effect } from '../../../shared/rollback/plan.ts';
import type { ClusterView } from '../../../shared/rollback/guard.ts';
import { endOf } from '../exits.ts';
import { defineStep } from '../step.ts';
import type { StepEnd } from '../step.ts';

const actionSchema = z.discriminatedUnion('do', [
  ...effectSchema.options,
  z.strictObject({ do: z.literal('status'), deployment: z.string() }),
]);
type Action = z.output<typeof actionSchema>;

const wordsOf = (action: Action): string => {
  switch (action.do) {
    case 'scale':
      return `Scale ${action.deployment} from ${action.from} to ${action.replicas}`;
    case 'undo':
      return `Take ${action.deployment} back to revision ${action.revision}`;
    case 'selector':
      return `Let ${action.service} choose ${Object.entries(action.labels)
        .map((pair) => pair.join('='))
        .join(', ')}`;
    case 'status':
      return `Wait until every pod of ${action.deployment} is ready`;
  }
};

/** Whether the cluster shows the effect. */
const shows = (view: ClusterView, action: Effect): boolean => {
  if (action.do === 'selector') {
    const selector = view.services.find(({ name }) => name === action.service)?.selector ?? {};
    const keys = Object.keys(action.labels);
    return keys.length === Object.keys(selector).length && keys.every((key) => selector[key] === action.labels[key]);
  }
  const deployment = view.deployments.find(({ name }) => name === action.deployment);
  if (deployment === undefined) return false;
  if (action.do === 'scale') return deployment.replicas === action.replicas;
  // The revision gets a new number when it comes back; where it still has the old one, its image has to be the one.
  const back = view.revisions.find((one) => one.deployment === action.deployment && one.revision === action.revision);
  return back === undefined || back.image === deployment.image;
};

const lookAt = (action: Action): string =>
  action.do === 'selector'
    ? `Look at the selector of service/${action.service}.`
    : `Look at deployment/${action.deployment}: its wanted and ready pods, and its revision.`;

/** One typed change of a cluster, or waiting for a rollout, through kubectl with everything written out. */
export const kubernetesStep = defineStep({
  kind: 'kubernetes',
  summary: 'Scale, undo, selector or status, as kubectl arguments with context, namespace and a limit',
  params: actionSchema,
  preview: (action, place, limitMs) => {
    if (place === null)
      throw new WarRoomError('bad-input', 'This plan names no context and no namespace; kubectl would guess them.');
    return {
      words: wordsOf(action),
      argv: kubeArguments(place, action, limitMs),
      effect: action.do === 'status' ? null : action,
      watching: action.do === 'status',
    };
  },
  run: async (action, context): Promise<StepEnd> => {
    const end = await endOf(await context.child({}), context, lookAt(action));
    if (end.outcome !== 'done') return end;
    // "skipped rollback" comes with exit code 0: nothing was done.
    if (action.do === 'undo' && /\bskipped rollback\b/u.test(await context.output()))
      return { ...end, outcome: 'failed', sentence: `${end.sentence} Nothing was rolled back.` };
    if (action.do === 'status') return end;
    return shows(await context.cluster(), action)
      ? end
      : { ...end, outcome: 'failed', sentence: `kubectl said "${end.sentence}", but the cluster does not show it.` };
  },
});
