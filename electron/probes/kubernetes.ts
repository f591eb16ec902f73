import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { down } from './failure.ts';
import { parseJson } from './json.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer } from './probe.ts';
import { runCommand } from './run-command.ts';

const name = z
  .string()
  .regex(/^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/, 'a name in Kubernetes is lower case letters, digits, hyphens and dots');

const params = z.strictObject({
  context: z
    .string()
    .min(1)
    .describe("The kubeconfig's context; always named, never the one that happens to be current"),
  namespace: name,
  deployment: name.optional(),
  secrets: z.array(name).min(1).optional().describe('Secrets that must be there; only their names are looked at'),
  kubeconfig: z.string().optional().describe('Another file than the usual one'),
  kubectl: z.string().default('kubectl').describe('The program'),
});
type Params = z.output<typeof params>;

const stubborn = /^-/;

const trouble = (stderr: string): ProbeUnknown => {
  const words = masked(stderr.trim().split('\n').at(-1) ?? '', [], 200);
  if (/context .* does not exist|no context exists/i.test(stderr))
    return new ProbeUnknown(
      'no-context',
      'The kubeconfig has no context of this name; look at the context in the target.',
    );
  if (/Unauthorized|provide credentials|token.*expired/i.test(stderr))
    return new ProbeUnknown('not-allowed', 'Kubernetes does not accept the credentials; sign in again.');
  if (/Forbidden/i.test(stderr))
    return new ProbeUnknown('not-allowed', `Kubernetes does not allow this user to look. ${words}`);
  if (/connection refused|no such host|i\/o timeout|Unable to connect|deadline exceeded|EOF/i.test(stderr))
    return new ProbeUnknown('cluster-unreachable', `The cluster's API does not answer. ${words}`);
  return new ProbeUnknown('kubectl-failed', `kubectl could not tell: ${words === '' ? 'it gave no reason' : words}.`);
};

const kubectl = async (
  own: Params,
  args: readonly string[],
  signal: AbortSignal,
  deadlineMs: number,
): Promise<{ readonly stdout: string; readonly notFound: boolean }> => {
  if (stubborn.test(own.context)) throw new ProbeUnknown('no-context', 'A context cannot begin with a hyphen.');
  const where = [
    ...(own.kubeconfig === undefined ? [] : [`--kubeconfig=${own.kubeconfig}`]),
    `--context=${own.context}`,
    `--namespace=${own.namespace}`,
  ];
  const ran = await runCommand(
    { argv: [own.kubectl, ...where, `--request-timeout=${Math.max(1, Math.floor(deadlineMs / 1_000))}s`, ...args] },
    signal,
  );
  if (ran.kind === 'missing' || ran.kind === 'not-executable')
    throw new ProbeUnknown('no-program', 'kubectl is not installed on this machine, or not on its PATH; install it.');
  if (ran.kind === 'late')
    throw new ProbeUnknown('cluster-unreachable', `kubectl was not done within ${deadlineMs / 1_000} s and was ended.`);
  if (ran.cut)
    throw new ProbeUnknown('too-much', 'kubectl answers with more than 1 MiB, which cannot be read to its end.');
  if (ran.exit === 0) return { stdout: ran.stdout, notFound: false };
  if (/NotFound/.test(ran.stderr)) return { stdout: '', notFound: true };
  throw trouble(ran.stderr);
};

const deploymentSchema = z.object({
  metadata: z.object({ generation: z.number().default(0), annotations: z.record(z.string(), z.string()).default({}) }),
  spec: z.object({
    replicas: z.number().default(1),
    paused: z.boolean().default(false),
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).default({}) }),
  }),
  status: z.object({
    observedGeneration: z.number().default(0),
    replicas: z.number().default(0),
    updatedReplicas: z.number().default(0),
    readyReplicas: z.number().default(0),
    availableReplicas: z.number().default(0),
    conditions: z.array(z.object({ type: z.string(), status: z.string(), reason: z.string().default('') })).default([]),
  }),
});
type Deployment = z.output<typeof deploymentSchema>;

const containersSchema = z.array(
  z.object({
    restartCount: z.number().default(0),
    image: z.string().default(''),
    imageID: z.string().default(''),
    state: z.object({ waiting: z.object({ reason: z.string().default('') }).optional() }).default({}),
  }),
);
type Pods = readonly z.output<typeof containersSchema>[];

/** Only what is looked at of each pod, on a line of its own: whole pods of a large deployment are megabytes. */
const podsOutput = `--output=jsonpath={range .items[*]}{.metadata.name}{'\\t'}{.status.containerStatuses}{'\\n'}{end}`;

/** Where a rollout stands, by the rules of `kubectl rollout status`. */
const rolloutOf = ({
  metadata,
  spec,
  status,
}: Deployment): { readonly state: 'complete' | 'progressing' | 'failed' | 'paused'; readonly words: string } => {
  const failed = status.conditions.some(
    (one) => one.type === 'Progressing' && one.reason === 'ProgressDeadlineExceeded',
  );
  if (failed) return { state: 'failed', words: 'the rollout exceeded its progress deadline' };
  if (spec.paused) return { state: 'paused', words: 'the rollout is paused' };
  if (status.observedGeneration < metadata.generation)
    return { state: 'progressing', words: 'the change was not seen by the controller yet' };
  if (status.updatedReplicas < spec.replicas)
    return { state: 'progressing', words: `${status.updatedReplicas} of ${spec.replicas} pods are updated` };
  if (status.replicas > status.updatedReplicas)
    return {
      state: 'progressing',
      words: `${formatCount(status.replicas - status.updatedReplicas, 'old pod')} still to end`,
    };
  if (status.availableReplicas < status.updatedReplicas)
    return {
      state: 'progressing',
      words: `${status.availableReplicas} of ${status.updatedReplicas} updated pods are available`,
    };
  return { state: 'complete', words: 'the rollout is complete' };
};

const read = <Schema extends z.ZodType>(schema: Schema, text: string): z.output<Schema> => {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success)
    throw new ProbeUnknown('not-understood', 'kubectl answers in a form that is not known here; look at its version.');
  return parsed.data;
};

const distinct = (words: readonly string[]): string =>
  masked([...new Set(words)].filter((word) => word !== '').join(', '), [], 1_000);

/** Why a container waits while all is well. */
const starting = ['', 'ContainerCreating', 'PodInitializing'];

const answerOf = (seen: Deployment, pods: Pods): Answer => {
  const containers = pods.flat();
  const restarts = containers.reduce((sum, one) => sum + one.restartCount, 0);
  const reasons = containers
    .map((one) => one.state.waiting?.reason ?? '')
    .filter((reason) => !starting.includes(reason));
  const waiting = [...new Set(reasons)];
  const { readyReplicas: ready, updatedReplicas: updated } = seen.status;
  const wanted = seen.spec.replicas;
  const rollout = rolloutOf(seen);
  const values = {
    readyPods: ready,
    wantedPods: wanted,
    updatedPods: updated,
    restarts,
    pods: pods.length,
    waiting: waiting.length,
  };
  const facts = {
    rollout: rollout.state,
    revision: seen.metadata.annotations['deployment.kubernetes.io/revision'] ?? '',
    images: distinct(containers.map((one) => one.image)),
    digests: distinct(containers.map((one) => one.imageID)),
    ...(waiting.length > 0 ? { waiting: masked(waiting.join(', '), [], 300) } : {}),
  };
  const pods_ = `${ready} of ${formatCount(wanted, 'pod')} ready`;
  if (rollout.state === 'failed')
    return down({ reason: 'rollout-failed', sentence: `${pods_}: ${rollout.words}.` }, { values, facts });
  if (waiting.length > 0)
    return down(
      { reason: 'pods-waiting', sentence: `${pods_}; pods wait with ${facts.waiting ?? ''}.` },
      { values, facts },
    );
  if (ready < wanted || wanted === 0)
    return down(
      { reason: 'not-ready', sentence: `${pods_}: ${wanted === 0 ? 'it is scaled to none' : rollout.words}.` },
      { values, facts },
    );
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `${pods_}, ${rollout.words}${restarts > 0 ? `, ${formatCount(restarts, 'restart')} so far` : ''}.`,
    values,
    facts,
  };
};

const lookAtDeployment = async (
  own: Params,
  deployment: string,
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Answer> => {
  const found = await kubectl(own, ['get', 'deployment', deployment, '--output=json'], signal, deadlineMs);
  if (found.notFound)
    return down({ reason: 'not-found', sentence: `There is no deployment "${deployment}" in ${own.namespace}.` });
  const seen = read(deploymentSchema, found.stdout);
  const selector = Object.entries(seen.spec.selector.matchLabels)
    .map(([key, value]) => `${key}=${value}`)
    .join(',');
  const { stdout } = await kubectl(own, ['get', 'pods', `--selector=${selector}`, podsOutput], signal, deadlineMs);
  const lines = stdout.split('\n').filter((line) => line !== '');
  // A pod that was just made has no containers to tell of yet.
  const pods = lines.map((line) => read(containersSchema, line.slice(line.indexOf('\t') + 1) || '[]'));
  return answerOf(seen, pods);
};

/** The table that the server prints for people holds names and ages, but not one value of a secret. */
const lookForSecrets = async (
  own: Params,
  names: readonly string[],
  signal: AbortSignal,
  deadlineMs: number,
): Promise<Answer> => {
  const { stdout } = await kubectl(
    own,
    ['get', 'secrets', ...names, '--no-headers', '--ignore-not-found'],
    signal,
    deadlineMs,
  );
  const present = new Set(stdout.split('\n').map((line) => line.trim().split(/\s+/)[0] ?? ''));
  const missing = names.filter((one) => !present.has(one));
  const values = { present: names.length - missing.length, missing: missing.length };
  if (missing.length > 0)
    return down(
      { reason: 'secret-missing', sentence: `Missing in ${own.namespace}: ${missing.join(', ')}.` },
      { values },
    );
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `${formatCount(names.length, 'secret is', 'secrets are')} there by name: ${names.join(', ')}.`,
    values,
  };
};

type Events = Readonly<Record<string, string>>;

/** The newest warnings of the namespace, in the words that kubectl has for people; nothing where they cannot be read. */
const lookForEvents = async (own: Params, signal: AbortSignal, deadlineMs: number): Promise<Events> => {
  const { stdout } = await kubectl(
    own,
    ['get', 'events', '--field-selector=type=Warning', '--sort-by=.lastTimestamp', '--no-headers'],
    signal,
    deadlineMs,
  ).catch(() => ({ stdout: '' }));
  const lines = stdout
    .trim()
    .split('\n')
    .filter((line) => line !== '')
    .slice(-3);
  return lines.length === 0
    ? {}
    : { events: masked(lines.map((line) => line.replace(/\s+/g, ' ')).join('; '), [], 1_000) };
};

const seriesOf = (names: readonly (readonly [name: string, label: string])[]) =>
  names.map(([series, label]) => ({ name: series, unit: '', label }));

export const kubernetesProbe = defineProbe({
  kind: 'kubernetes',
  summary:
    'A deployment through kubectl: rollout, ready pods, images, restarts, warnings; or secrets by their names alone',
  params: params.refine(
    ({ deployment, secrets }) => (deployment === undefined) !== (secrets === undefined),
    'name a deployment or secrets',
  ),
  series: ({ deployment }) =>
    deployment === undefined
      ? seriesOf([
          ['present', 'Secrets that are there'],
          ['missing', 'Secrets that are missing'],
        ])
      : seriesOf([
          ['readyPods', 'Pods that are ready'],
          ['wantedPods', 'Pods that are wanted'],
          ['updatedPods', 'Pods of the new revision'],
          ['restarts', 'Restarts of containers'],
          ['pods', 'Pods'],
          ['waiting', 'Reasons why containers wait'],
        ]),
  open: (own) => ({
    run: async ({ signal, deadlineMs, memory }) => {
      if (own.deployment === undefined) return lookForSecrets(own, own.secrets ?? [], signal, deadlineMs);
      const answer = await lookAtDeployment(own, own.deployment, signal, deadlineMs);
      // Warnings explain a failure, and are sometimes there before one: looked up at each, and once a minute while all is well.
      const known = memory.get('warnings') as { at: number; events: Events } | undefined;
      const fresh = answer.verdict === 'up' && known !== undefined && performance.now() - known.at < 60_000;
      const events = fresh ? known.events : await lookForEvents(own, signal, deadlineMs);
      if (!fresh) memory.set('warnings', { at: performance.now(), events });
      return { ...answer, facts: { ...answer.facts, ...events } };
    },
    close: () => {},
  }),
});
