import { performance } from 'node:perf_hooks';
import { WarRoomError } from '../../shared/errors.ts';
import type { EventBody } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import type { WrittenStep } from '../../shared/rollback/document.ts';
import type { Answers } from '../../shared/rollback/events.ts';
import type { ClusterView } from '../../shared/rollback/guard.ts';
import type { KubePlace } from '../../shared/rollback/kubectl.ts';
import type { Place, PlannedStep, Purpose, StepSpec } from '../../shared/rollback/plan.ts';
import { fillPlaceholders } from '../../shared/rollback/text.ts';
import type { Variable } from '../../shared/rollback/text.ts';
import type { Target } from '../../shared/target/schema.ts';
import { bad, doubtful, good, startChecks } from './checks.ts';
import type { Checks, Found } from './checks.ts';
import type { Kube } from './cluster.ts';
import { inherited } from './environment.ts';
import { captureEvidence } from './evidence.ts';
import { freezeStep, planHash } from './freeze.ts';
import { lookAtCluster, tryChanges } from './kubernetes-checks.ts';
import { shapeBundled } from './plan-checks.ts';
import { findTool } from './tools.ts';

export type PreflightInput = {
  readonly purpose: Purpose;
  readonly target: Target;
  /** What the document says, for a target that says nothing. */
  readonly written: readonly WrittenStep[];
  readonly pinned: Pick<EventBody<'cluster-pinned'>, 'identity' | 'revisions'> | null;
  readonly answers: Answers;
  readonly release: string;
  /** The gate before the deployment phase, as it stands; asked of a deployment alone. */
  readonly gate: Found;
  readonly variable: Variable;
  readonly health: readonly Health[];
  /** A new folder for the evidence. */
  readonly folder: string;
};

export type Preflight = Omit<EventBody<'rollback-preflighted'>, 'rollback'>;

/** All of it together takes at most this long; what has no answer by then has failed. */
const limitMs = 9_500;

const alone = (found: Found): Promise<readonly [Found, true]> => Promise.resolve([found, true]);

/** kubectl as this plan uses it; null for a plan without a cluster. Throws where the program or a value is missing. */
export const kubeOf = async (target: Target, variable: Variable): Promise<Kube | null> => {
  const config = target.rollback?.kubernetes;
  if (config === undefined) return null;
  const place = fillPlaceholders({ context: config.context, namespace: config.namespace }, variable) as KubePlace;
  const kubeconfig = config.kubeconfig === undefined ? null : String(fillPlaceholders(config.kubeconfig, variable));
  return { place, tool: await findTool('kubectl'), env: inherited(kubeconfig) };
};

/** Nobody's answer stops a rollback: with production down, old code on a new schema may still be the better half. */
const migrations = (answers: Answers): Found => {
  if (answers.migrations === 'none') return good('No migration in this release');
  if (answers.migrations === 'compatible') return good('The old code works on the new schema');
  return doubtful(
    answers.migrations === 'incompatible'
      ? 'The old code does NOT work on the new schema: going back may make it worse.'
      : 'Nobody could say whether the old code works on the new schema.',
  );
};

const specsOf = ({ purpose, target, written }: PreflightInput): readonly StepSpec[] => {
  if (purpose === 'deploy') return target.deploy?.steps ?? [];
  const steps = target.rollback?.steps ?? [];
  return steps.length > 0 ? steps : written.flatMap(({ spec }) => spec ?? []);
};

/** Lines of the document that can't run as written, each with its correct form. */
const refuseWritten = async (checks: Checks, { purpose, target, written }: PreflightInput): Promise<void> => {
  if (purpose === 'deploy' || target.rollback?.plan !== undefined || (target.rollback?.steps.length ?? 0) > 0) return;
  for (const step of written)
    if (step.refusal !== null) {
      const fix = step.problems.find((problem) => problem.fix !== null)?.fix;
      const words = `Line ${step.line} can't run as written. ${step.refusal}${fix === null || fix === undefined ? '' : ` Correct: ${fix}`}`;
      await checks.look(`written-${step.line}`, step.title, () => alone(bad(words)));
    }
};

const freezeAll = async (
  checks: Checks,
  specs: readonly StepSpec[],
  variable: Variable,
  place: KubePlace | null,
): Promise<readonly PlannedStep[]> => {
  const steps: PlannedStep[] = [];
  for (const [at, spec] of specs.entries()) {
    const step = await checks.look(`step-${at + 1}`, `Step ${at + 1}: ${spec.label}`, async () => {
      const frozen = await freezeStep(spec, at, { variable, place });
      return [good(frozen.argv === null ? 'can run' : (frozen.argv[0] ?? '')), frozen];
    });
    if (step !== null) steps.push(step);
  }
  return steps;
};

/** Names of probes and metrics that a step waits for, but that this target does not have: it would wait to its limit. */
const unknownNames = (target: Target, steps: readonly PlannedStep[]): readonly string[] => {
  const known = new Set([...Object.keys(target.probes), ...Object.keys(target.metrics)]);
  return steps
    .flatMap((step) => [step.with['probes'], step.with['metrics']].flat())
    .filter((name): name is string => typeof name === 'string' && !known.has(name));
};

type Looked = { readonly view: ClusterView | null; readonly identity: string | null };

const clusterOf = async (
  checks: Checks,
  input: PreflightInput,
  signal: AbortSignal,
): Promise<Looked & { readonly kube: Kube | null }> => {
  const config = input.target.rollback?.kubernetes;
  if (config === undefined) return { view: null, identity: null, kube: null };
  const kube = await checks.look('kubectl', 'kubectl is there and can be executed', async () => {
    const found = await kubeOf(input.target, input.variable);
    return [good(found?.tool ?? ''), found];
  });
  if (kube === null) return { view: null, identity: null, kube };
  return { ...(await lookAtCluster(checks, kube, config, input.pinned, signal)), kube };
};

const planOf = async (
  checks: Checks,
  input: PreflightInput,
  { view, kube }: Looked & { readonly kube: Kube | null },
  signal: AbortSignal,
): Promise<{ readonly steps: readonly PlannedStep[]; readonly from: string; readonly to: string }> => {
  const { target, purpose, variable } = input;
  const { plan, kubernetes } = target.rollback ?? {};
  const deploy = purpose === 'deploy';
  const said = {
    specs: specsOf(input),
    from: deploy ? 'now' : input.release,
    to: deploy ? input.release : (target.rollback?.to ?? 'the version before'),
  };
  const bundled = !deploy && plan !== undefined && kubernetes !== undefined;
  const shaped = !bundled
    ? said
    : view === null
      ? null
      : await shapeBundled(checks, plan, kubernetes, view, input.pinned);
  const steps = await freezeAll(checks, shaped?.specs ?? [], variable, kube?.place ?? null);
  await checks.look('plan', 'The plan has steps, and what they wait for exists', () => {
    const unknown = unknownNames(target, steps);
    if (steps.length === 0) return alone(bad('There is nothing to run.'));
    return alone(
      unknown.length === 0 ? good(`${steps.length} steps`) : bad(`This target has no ${unknown.join(', ')}.`),
    );
  });
  if (kube !== null && view !== null) await tryChanges(checks, kube, view, steps, signal);
  return { steps, from: shaped?.from ?? said.from, to: shaped?.to ?? said.to };
};

/**
 * Looks at everything a plan needs, and changes nothing: tools, cluster, rights, objects, each change tried on the
 * server. Freezes the steps with their exact arguments and keeps the evidence. Takes 10 s at most.
 */
export const preflight = async (input: PreflightInput): Promise<Preflight> => {
  const began = performance.now();
  const checks = startChecks();
  const signal = AbortSignal.timeout(limitMs);
  const { target, purpose } = input;
  await refuseWritten(checks, input);
  const cluster = await clusterOf(checks, input, signal);
  const config = target.rollback?.plan;
  const deployments =
    config === undefined ? [] : config.name === 'two-deployments' ? [config.current] : [config.deployment];
  const [{ steps, from, to }, evidence] = await Promise.all([
    planOf(checks, input, cluster, signal),
    captureEvidence(input.folder, input.health, cluster.view === null ? null : cluster.kube, deployments, signal),
  ]);
  await checks.look('evidence', 'Evidence kept before anything changes', () =>
    alone(
      evidence.missing.length === 0
        ? good(`${evidence.kept.length} files`)
        : doubtful(`Not to be had: ${evidence.missing.join('; ')}`),
    ),
  );
  if (purpose === 'rollback') await checks.look('migrations', 'Database', () => alone(migrations(input.answers)));
  else await checks.look('gate', 'Go before the deployment', () => alone(input.gate));
  const place: Place = {
    service: target.service,
    cluster: target.cluster ?? target.environment,
    context: cluster.kube?.place.context ?? null,
    namespace: cluster.kube?.place.namespace ?? null,
    identity: cluster.identity,
  };
  const all = checks.all();
  return {
    checks: [...all],
    passed: all.every(({ state }) => state !== 'fail'),
    place,
    from,
    to,
    steps: [...steps],
    plan: planHash(steps, place),
    evidence: [...evidence.kept],
    tookMs: Math.round(performance.now() - began),
  };
};

/** Reads which cluster this is and what runs in it, before anything is deployed. Null for a target without a cluster. */
export const pinOf = (view: ClusterView, identity: string, place: KubePlace): EventBody<'cluster-pinned'> => ({
  ...place,
  identity,
  revisions: view.deployments.flatMap(({ name, revision, image }) =>
    revision === null ? [] : [{ deployment: name, revision, image }],
  ),
});

/** A refusal where a plan is missing altogether. */
export const requirePlan = ({
  purpose,
  target,
  written,
}: Pick<PreflightInput, 'purpose' | 'target' | 'written'>): void => {
  const has =
    purpose === 'deploy'
      ? target.deploy !== undefined
      : target.rollback?.plan !== undefined || (target.rollback?.steps.length ?? 0) > 0 || written.length > 0;
  if (!has)
    throw new WarRoomError(
      'not-found',
      purpose === 'deploy'
        ? 'This target does not say how to deploy. Deploy as your team does, and set T-0 by hand.'
        : 'Neither the target nor the document says how to roll back.',
    );
};
