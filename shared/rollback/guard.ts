import type { Effect } from './plan.ts';

/** What a cluster said of one pod. `deployment` is the one that made it, through its replica set. */
export type PodView = {
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly deployment: string | null;
  /** The replica set. */
  readonly set: string | null;
  /** Ready, and not on its way out. */
  readonly ready: boolean;
  /** Its phase, or what it waits for ("ImagePullBackOff"). */
  readonly state: string;
};

export type DeploymentView = {
  readonly name: string;
  /** As wanted. */
  readonly replicas: number;
  readonly ready: number;
  readonly paused: boolean;
  readonly strategy: 'RollingUpdate' | 'Recreate';
  /** How many pods a rolling update may take away at once. */
  readonly maxUnavailable: number;
  readonly revision: number | null;
  readonly image: string;
  /** What made this object and would change it back: a GitOps tool's name. */
  readonly owner: string | null;
};

export type RevisionView = {
  readonly deployment: string;
  readonly revision: number;
  readonly image: string;
  readonly labels: Readonly<Record<string, string>>;
};

export type ClusterView = {
  readonly at: number;
  readonly deployments: readonly DeploymentView[];
  readonly revisions: readonly RevisionView[];
  readonly pods: readonly PodView[];
  readonly services: readonly { readonly name: string; readonly selector: Readonly<Record<string, string>> }[];
};

type Labels = Readonly<Record<string, string>>;

/** A selector without labels chooses no pod. */
const chooses = (selector: Labels, labels: Labels): boolean =>
  Object.keys(selector).length > 0 && Object.entries(selector).every(([key, value]) => labels[key] === value);

const readyWith = (view: ClusterView, selector: Labels): readonly PodView[] =>
  view.pods.filter((pod) => pod.ready && chooses(selector, pod.labels));

const selectorOf = (view: ClusterView, service: string): Labels =>
  view.services.find((candidate) => candidate.name === service)?.selector ?? {};

/** The pods that get the Service's traffic now. */
export const readyBehind = (view: ClusterView, service: string): readonly PodView[] =>
  readyWith(view, selectorOf(view, service));

/** The fewest ready pods behind the Service that the step itself can leave while it takes effect. */
const fewestAfter = (view: ClusterView, service: string, effect: Effect): number => {
  const now = readyBehind(view, service);
  if (effect.do === 'selector') return effect.service === service ? readyWith(view, effect.labels).length : now.length;
  const own = now.filter((pod) => pod.deployment === effect.deployment).length;
  const others = now.length - own;
  const all = view.pods.filter((pod) => pod.deployment === effect.deployment);
  if (effect.do === 'scale') {
    // Pods that are not ready go first within a replica set; between several sets nothing is promised.
    const several = new Set(all.map((pod) => pod.set)).size > 1;
    const mayStay = several ? Math.max(0, effect.replicas - all.filter((pod) => !pod.ready).length) : effect.replicas;
    return others + Math.min(own, mayStay);
  }
  const deployment = view.deployments.find(({ name }) => name === effect.deployment);
  const back = view.revisions.find(
    ({ deployment: of, revision }) => of === effect.deployment && revision === effect.revision,
  );
  if (deployment === undefined || back === undefined || deployment.strategy === 'Recreate') return others;
  if (!chooses(selectorOf(view, service), back.labels)) return others;
  return others + Math.min(own, Math.max(0, deployment.replicas - deployment.maxUnavailable));
};

const grows = (view: ClusterView, effect: Effect): boolean =>
  effect.do === 'scale' &&
  effect.replicas >= (view.deployments.find(({ name }) => name === effect.deployment)?.replicas ?? Infinity);

export type Guard = {
  readonly allowed: boolean;
  /** Ready behind the Service now, and the fewest that the step can leave. */
  readonly ready: number;
  readonly after: number;
  readonly sentence: string;
};

/**
 * Never zero ready pods because of a step. What only adds pods may always run; everything else has to leave at least
 * one ready pod behind the Service, also where there is none already: then it would not bring one back either.
 */
export const guardStep = (view: ClusterView, service: string, effect: Effect): Guard => {
  const ready = readyBehind(view, service).length;
  if (grows(view, effect)) return { allowed: true, ready, after: ready, sentence: 'It takes no pod away.' };
  const after = fewestAfter(view, service, effect);
  const pods = (count: number): string => `${count} ready ${count === 1 ? 'pod' : 'pods'}`;
  return after > 0
    ? { allowed: true, ready, after, sentence: `${pods(ready)} behind ${service} now, at least ${after} throughout.` }
    : {
        allowed: false,
        ready,
        after,
        sentence: `Refused: this would leave no ready pod behind ${service} (${pods(ready)} now).`,
      };
};
