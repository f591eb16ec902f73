import { z } from 'zod';
import { WarRoomError } from '../../shared/errors.ts';
import type { ClusterView, DeploymentView, PodView } from '../../shared/rollback/guard.ts';
import { kubeIdentity, kubeRead } from '../../shared/rollback/kubectl.ts';
import type { KubePlace } from '../../shared/rollback/kubectl.ts';
import { ask } from './ask.ts';
import type { Told } from './ask.ts';

/** kubectl as far as it only looks. `tool` is its absolute path. */
export type Kube = {
  readonly place: KubePlace;
  readonly tool: string;
  readonly env: NodeJS.ProcessEnv;
};

/** One question; `argv` starts with "kubectl". Its answer may be a refusal: see `code` and `err`. */
export const askKube = (kube: Kube, argv: readonly string[], signal: AbortSignal): Promise<Told> =>
  ask([kube.tool, ...argv.slice(1)], { env: kube.env, signal });

/** Says in one sentence why kubectl gave no answer. */
export const noAnswer = (told: Told): string => {
  if (told.stopped === 'late') return 'kubectl gave no answer in time and was stopped.';
  if (told.stopped === 'flood')
    return 'kubectl said far more than was asked for and was stopped; nothing of it was used.';
  const said = told.err.trim().split('\n').at(-1)?.slice(0, 500) ?? '';
  return said === ''
    ? `kubectl ended with exit code ${told.code ?? 'none'} and said nothing.`
    : `kubectl said: ${said}`;
};

/** The JSON in what kubectl printed: plug-ins and old versions put warnings on stdout around it. Throws unavailable. */
export const jsonIn = (text: string): unknown => {
  const out = text.slice(0, text.lastIndexOf('\n}') < 0 ? undefined : text.lastIndexOf('\n}') + 2);
  for (let at = out.indexOf('{'); at >= 0; at = out.indexOf('\n{', at) + 1 || -1) {
    try {
      return JSON.parse(out.slice(at));
    } catch {
      if (out.indexOf('\n{', at) < 0) break; // Not here; a later line may begin it.
    }
  }
  throw new WarRoomError('unavailable', 'What kubectl printed is no JSON.');
};

const labels = z.record(z.string(), z.string()).default({});
const metadata = z.object({
  name: z.string(),
  labels,
  annotations: labels,
  deletionTimestamp: z.string().optional(),
  ownerReferences: z.array(z.object({ kind: z.string(), name: z.string() })).default([]),
});
const template = z.object({
  metadata: z.object({ labels }).default({ labels: {} }),
  spec: z.object({ containers: z.array(z.object({ image: z.string().default('') })).default([]) }),
});
const amount = z.union([z.number(), z.string()]);

const deployment = z.object({
  kind: z.literal('Deployment'),
  metadata,
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    template,
    strategy: z
      .object({
        type: z.enum(['RollingUpdate', 'Recreate']).default('RollingUpdate'),
        rollingUpdate: z.object({ maxUnavailable: amount.default('25%') }).default({ maxUnavailable: '25%' }),
      })
      .default({ type: 'RollingUpdate', rollingUpdate: { maxUnavailable: '25%' } }),
  }),
  status: z.object({ readyReplicas: z.number().default(0) }).default({ readyReplicas: 0 }),
});
const replicaSet = z.object({ kind: z.literal('ReplicaSet'), metadata, spec: z.object({ template }) });
const pod = z.object({
  kind: z.literal('Pod'),
  metadata,
  status: z
    .object({
      phase: z.string().default('Unknown'),
      conditions: z.array(z.object({ type: z.string(), status: z.string() })).default([]),
      containerStatuses: z
        .array(
          z.object({
            state: z.object({ waiting: z.object({ reason: z.string().default('') }).optional() }).default({}),
          }),
        )
        .default([]),
    })
    .default({ phase: 'Unknown', conditions: [], containerStatuses: [] }),
});
const service = z.object({ kind: z.literal('Service'), metadata, spec: z.object({ selector: labels }) });
const list = z.object({ items: z.array(z.unknown()) });

const ownerOf = ({ labels, annotations }: z.output<typeof metadata>): string | null => {
  if (
    labels['argocd.argoproj.io/instance'] !== undefined ||
    annotations['argocd.argoproj.io/tracking-id'] !== undefined
  )
    return 'Argo CD';
  const flux = ['kustomize.toolkit.fluxcd.io/name', 'helm.toolkit.fluxcd.io/name'];
  return flux.some((name) => labels[name] !== undefined) ? 'Flux' : null;
};

/** A percentage of the wanted pods is rounded down, as the Deployment controller does. */
const countOf = (text: number | string, of: number): number =>
  typeof text === 'number' ? text : Math.floor((Number.parseInt(text, 10) / 100) * of);

const revisionIn = (annotations: Readonly<Record<string, string>>): number | null => {
  const text = annotations['deployment.kubernetes.io/revision'];
  return text === undefined || !/^\d+$/u.test(text) ? null : Number(text);
};

const imageOf = ({ spec }: z.output<typeof template>): string => spec.containers[0]?.image ?? '';

const deploymentView = ({ metadata, spec, status }: z.output<typeof deployment>): DeploymentView => ({
  name: metadata.name,
  replicas: spec.replicas,
  ready: status.readyReplicas,
  paused: spec.paused,
  strategy: spec.strategy.type,
  maxUnavailable: countOf(spec.strategy.rollingUpdate.maxUnavailable, spec.replicas),
  revision: revisionIn(metadata.annotations),
  image: imageOf(spec.template),
  owner: ownerOf(metadata),
});

const podView = ({ metadata, status }: z.output<typeof pod>, sets: ReadonlyMap<string, string>): PodView => {
  const set = metadata.ownerReferences.find(({ kind }) => kind === 'ReplicaSet')?.name ?? null;
  const waiting = status.containerStatuses.flatMap(({ state }) => state.waiting?.reason ?? [])[0];
  const leaving = metadata.deletionTimestamp !== undefined;
  return {
    name: metadata.name,
    labels: metadata.labels,
    deployment: set === null ? null : (sets.get(set) ?? null),
    set,
    ready: !leaving && status.conditions.some(({ type, status: is }) => type === 'Ready' && is === 'True'),
    state: leaving ? 'Terminating' : (waiting ?? status.phase),
  };
};

const of = <T>(items: readonly unknown[], schema: z.ZodType<T>): readonly T[] =>
  items.flatMap((item) => {
    const parsed = schema.safeParse(item);
    return parsed.success ? [parsed.data] : [];
  });

/** Everything the guard needs, from one answer of kubectl. */
export const viewOf = (answer: unknown, at: number): ClusterView => {
  const { items } = list.parse(answer);
  const replicaSets = of(items, replicaSet);
  const owner = ({ metadata }: z.output<typeof replicaSet>): string | null =>
    metadata.ownerReferences.find(({ kind }) => kind === 'Deployment')?.name ?? null;
  const sets = new Map(
    replicaSets.flatMap((set) => (owner(set) === null ? [] : [[set.metadata.name, owner(set) ?? '']])),
  );
  return {
    at,
    deployments: of(items, deployment).map(deploymentView),
    revisions: replicaSets.flatMap((set) => {
      const [of, revision] = [owner(set), revisionIn(set.metadata.annotations)];
      const { labels: own } = set.spec.template.metadata;
      return of === null || revision === null
        ? []
        : [{ deployment: of, revision, image: imageOf(set.spec.template), labels: own }];
    }),
    pods: of(items, pod).map((one) => podView(one, sets)),
    services: of(items, service).map(({ metadata, spec }) => ({ name: metadata.name, selector: spec.selector })),
  };
};

const objects = 'deployments.apps,replicasets.apps,pods,services';

/** What the cluster says now. Throws unavailable, with kubectl's own words, where it does not answer. */
export const readCluster = async (kube: Kube, signal: AbortSignal): Promise<ClusterView> => {
  const told = await askKube(kube, kubeRead(kube.place, objects), signal);
  if (told.code !== 0) throw new WarRoomError('unavailable', noAnswer(told));
  return viewOf(jsonIn(told.out), Date.now());
};

/** The UID of the cluster behind the context. Throws unavailable where it can't be had. */
export const readIdentity = async (kube: Kube, signal: AbortSignal): Promise<string> => {
  const told = await askKube(kube, kubeIdentity(kube.place), signal);
  const identity = /[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/u.exec(told.out)?.[0];
  if (told.code !== 0 || identity === undefined) throw new WarRoomError('unavailable', noAnswer(told));
  return identity;
};
