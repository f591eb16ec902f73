import { z } from 'zod';
import type { EventBody } from '../../shared/events.ts';
import type { KubernetesTarget } from '../../shared/rollback/config.ts';
import { kubeCanI, kubeDryRun, kubePrefix } from '../../shared/rollback/kubectl.ts';
import type { Effect, PlannedStep } from '../../shared/rollback/plan.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import { bad, doubtful, good } from './checks.ts';
import type { Checks, Found } from './checks.ts';
import { askKube, jsonIn, noAnswer, readCluster, readIdentity } from './cluster.ts';
import type { Kube } from './cluster.ts';

type Pinned = Pick<EventBody<'cluster-pinned'>, 'identity' | 'revisions'> | null;

const versions = z.object({
  clientVersion: z.object({ minor: z.string(), gitVersion: z.string() }),
  serverVersion: z.object({ minor: z.string(), gitVersion: z.string() }).optional(),
});

const reachable = async (kube: Kube, signal: AbortSignal): Promise<Found> => {
  const told = await askKube(kube, [...kubePrefix(kube.place), 'version', '--output=json'], signal);
  if (told.code !== 0) return bad(noAnswer(told));
  const { clientVersion, serverVersion } = versions.parse(jsonIn(told.out));
  if (serverVersion === undefined) return bad('The server did not say its version.');
  const apart = Math.abs(Number.parseInt(clientVersion.minor, 10) - Number.parseInt(serverVersion.minor, 10));
  const words = `kubectl ${clientVersion.gitVersion}, server ${serverVersion.gitVersion}`;
  return apart <= 1 ? good(words) : bad(`${words}: ${apart} minor versions apart, one is allowed.`);
};

/** A context is a name in a file; only the cluster's own identity tells a renamed or copied one from the one that is meant. */
const identified = async (
  kube: Kube,
  expected: string | null,
  signal: AbortSignal,
): Promise<readonly [Found, string]> => {
  const identity = await readIdentity(kube, signal);
  const found =
    expected === null
      ? bad(`This cluster is ${identity}, but no cluster was pinned when the run started, so it can't be told apart.`)
      : identity === expected
        ? good(`kube-system ${identity}`)
        : bad(`This context leads to cluster ${identity}; the run is about cluster ${expected}.`);
  return [found, identity];
};

const namespaced = async (kube: Kube, signal: AbortSignal): Promise<Found> => {
  const { namespace } = kube.place;
  const told = await askKube(
    kube,
    [...kubePrefix(kube.place), 'get', `namespace/${namespace}`, '--output=name'],
    signal,
  );
  return told.code === 0 ? good(namespace) : bad(noAnswer(told));
};

const autoscalers = z.object({
  items: z.array(
    z.object({
      metadata: z.object({ name: z.string() }),
      spec: z.object({ scaleTargetRef: z.object({ name: z.string() }), minReplicas: z.number().default(1) }),
    }),
  ),
});

/** An autoscaler does not stop a rollback, but undoes its sizes: people have to know, and decide. */
const scaled = async (kube: Kube, names: readonly string[], signal: AbortSignal): Promise<Found> => {
  const told = await askKube(
    kube,
    [...kubePrefix(kube.place), 'get', 'horizontalpodautoscalers.autoscaling', '--output=json'],
    signal,
  );
  if (told.code !== 0) return doubtful(`Autoscalers could not be asked for. ${noAnswer(told)}`);
  const own = autoscalers
    .parse(jsonIn(told.out))
    .items.filter(({ spec }) => names.length === 0 || names.includes(spec.scaleTargetRef.name));
  return own.length === 0
    ? good('none')
    : doubtful(
        `${own.map(({ metadata, spec }) => `${metadata.name} keeps ${spec.scaleTargetRef.name} at ${spec.minReplicas} or more`).join('; ')}: it may change the sizes again.`,
      );
};

/** What can be asked before the steps are known, all at the same time. Resolves to what the cluster holds, or null. */
export const lookAtCluster = async (
  checks: Checks,
  kube: Kube,
  config: KubernetesTarget,
  pinned: Pinned,
  signal: AbortSignal,
): Promise<{ readonly view: ClusterView | null; readonly identity: string | null }> => {
  const expected = config.identity ?? pinned?.identity ?? null;
  const only =
    <T>(find: () => Promise<T>) =>
    async (): Promise<readonly [T, true]> => [await find(), true];
  const { look } = checks;
  const [, identity, , view] = await Promise.all([
    look(
      'context',
      `Context ${config.context} answers, versions fit`,
      only(() => reachable(kube, signal)),
    ),
    look('identity', 'Cluster is the one pinned', () => identified(kube, expected, signal)),
    look(
      'namespace',
      `Namespace ${config.namespace} exists`,
      only(() => namespaced(kube, signal)),
    ),
    look('objects', 'Deployments, pods and Service can be read', async () => {
      const seen = await readCluster(kube, signal);
      const has = seen.services.some(({ name }) => name === config.service);
      return [has ? good(`${seen.pods.length} pods`) : bad(`There is no Service "${config.service}" here.`), seen];
    }),
    look(
      'autoscalers',
      'Autoscalers',
      only(() => scaled(kube, [], signal)),
    ),
  ]);
  return { view, identity };
};

/** What the API asks for when kubectl does it: scaling goes through the subresource, the others through a patch. */
const needs = (effect: Effect): readonly [verb: string, resource: string] => {
  if (effect.do === 'scale') return ['update', 'deployments.apps/scale'];
  return effect.do === 'undo' ? ['patch', 'deployments.apps'] : ['patch', 'services'];
};

/** From what to what, out of the cluster's own present: the words that a person compares with what they expect. */
const difference = (view: ClusterView, effect: Effect): string => {
  if (effect.do === 'selector') {
    const now = view.services.find(({ name }) => name === effect.service)?.selector ?? {};
    const show = (labels: Readonly<Record<string, string>>): string =>
      Object.entries(labels)
        .map((pair) => pair.join('='))
        .join(',');
    return `service/${effect.service} selector ${show(now)} → ${show(effect.labels)}`;
  }
  const now = view.deployments.find(({ name }) => name === effect.deployment);
  if (effect.do === 'scale')
    return `deployment/${effect.deployment} replicas ${now?.replicas ?? '?'} → ${effect.replicas}`;
  const back = view.revisions.find((one) => one.deployment === effect.deployment && one.revision === effect.revision);
  return `deployment/${effect.deployment} ${now?.image ?? '?'} → ${back?.image ?? '?'}`;
};

/** What needs the frozen steps: rights for each change, and each change tried on the server without doing it. */
export const tryChanges = async (
  checks: Checks,
  kube: Kube,
  view: ClusterView,
  steps: readonly PlannedStep[],
  signal: AbortSignal,
): Promise<void> => {
  const changes = steps.flatMap(({ id, effect }) => (effect === null ? [] : [{ id, effect }]));
  const rights = new Map(changes.map(({ effect }) => [needs(effect).join(' '), needs(effect)]));
  await Promise.all([
    ...[...rights].map(([name, [verb, resource]]) =>
      checks.look(`right-${name}`, `Right to ${verb} ${resource}`, async () => {
        const told = await askKube(kube, kubeCanI(kube.place, verb, resource), signal);
        if (told.out.trim().endsWith('yes') && told.code === 0) return [good('yes'), true];
        return [
          bad(told.stopped !== null || told.err.trim() !== '' ? noAnswer(told) : 'These credentials may not.'),
          true,
        ];
      }),
    ),
    ...changes.map(({ id, effect }) =>
      checks.look(`dry-run-${id}`, `Step ${id} tried on the server without doing it`, async () => {
        const told = await askKube(kube, kubeDryRun(kube.place, effect), signal);
        if (told.code !== 0) return [bad(noAnswer(told)), true];
        return /\bskipped rollback\b/u.test(told.out)
          ? [bad(`It would do nothing: ${told.out.trim().slice(0, 300)}`), true]
          : [good(difference(view, effect)), true];
      }),
    ),
  ]);
};
