import { kubeArguments, kubePrefix } from '../rollback/kubectl.ts';
import type { KubeAction, KubePlace } from '../rollback/kubectl.ts';
import type { BundledPlan } from '../rollback/config.ts';
import { oneDeployment, twoDeployments } from '../rollback/plans.ts';
import type { PlannedStep, StepSpec } from '../rollback/plan.ts';
import type { RollbackRoom } from '../projections/rollback.ts';
import type { Target } from '../target/schema.ts';

/** One step as a person types it; `command` is null for a step that is no command. */
export type CardStep = { readonly label: string; readonly command: string | null; readonly limitMs: number };

export type CardPlan = {
  /** What is read first, because only the cluster knows it; empty where everything is known. */
  readonly read: readonly { readonly name: string; readonly what: string }[];
  readonly look: string | null;
  readonly steps: readonly CardStep[];
  /** Frozen by a preflight of this run: exactly what it would have done. */
  readonly frozen: boolean;
};

/** As a shell takes it: quoted where a sign would mean something to it. */
const quoted = (part: string): string =>
  /^[\w@%+=:,./-]+$/u.test(part) ? part : `'${part.replaceAll("'", String.raw`'\''`)}'`;
const asTyped = (argv: readonly string[]): string => argv.map(quoted).join(' ');

/** Sizes that nobody knows before the cluster is asked stand as numbers that no cluster has, and are printed by name. */
const unknown = { READY: 987_654_001, CURRENT: 987_654_002, PREVIOUS: 987_654_003, REVISION: 987_654_004 } as const;

const named = (text: string): string =>
  Object.entries(unknown).reduce((words, [name, number]) => words.replaceAll(String(number), name), text);

const textIn = (value: unknown): string | null => (typeof value === 'string' && value !== '' ? value : null);

const commandOf = ({ kind, with: params, timeout }: StepSpec, place: KubePlace | null): string | null => {
  if (kind === 'kubernetes' && place !== null)
    return named(asTyped(kubeArguments(place, params as unknown as KubeAction, timeout)));
  const argv = params['command'];
  if (Array.isArray(argv)) return asTyped(argv.map(String));
  return textIn(params['text']) ?? textIn(params['question']) ?? textIn(params['url']);
};

const frozenStep = ({ label, words, argv, timeoutMs }: PlannedStep): CardStep => ({
  label: `${label}: ${words}`,
  command: argv === null ? null : asTyped(argv),
  limitMs: timeoutMs,
});

const bundled = (plan: BundledPlan, service: string, pinned: RollbackRoom['pinned']): readonly StepSpec[] => {
  if (plan.name === 'two-deployments') {
    const { READY: ready, CURRENT: currentReplicas, PREVIOUS: previousReplicas } = unknown;
    return twoDeployments(plan, service, { ready, currentReplicas, previousReplicas });
  }
  const revision = pinned?.revisions.find(({ deployment }) => deployment === plan.deployment)?.revision;
  return oneDeployment(plan, { revision: revision ?? unknown.REVISION, ready: unknown.READY });
};

const whatToRead = (steps: readonly CardStep[], plan: BundledPlan | undefined): CardPlan['read'] => {
  if (plan === undefined) return [];
  const current = plan.name === 'two-deployments' ? plan.current : plan.deployment;
  const previous = plan.name === 'two-deployments' ? plan.previous : '';
  const all = [
    { name: 'READY', what: `ready pods of ${current} now` },
    { name: 'CURRENT', what: `wanted pods of ${current} now` },
    { name: 'PREVIOUS', what: `wanted pods of ${previous} now` },
    { name: 'REVISION', what: `the revision before, from its history` },
  ];
  const said = steps.map(({ label, command }) => `${label} ${command ?? ''}`).join('\n');
  return all.filter(({ name }) => new RegExp(String.raw`\b${name}\b`, 'u').test(said));
};

/** The way back as commands to type by hand: frozen ones of this run where there are any, else the target's own plan. */
export const cardPlan = (target: Target | null, room: RollbackRoom | null): CardPlan | null => {
  const frozen = room?.rollbacks.findLast(({ proposed, steps }) => proposed.purpose === 'rollback' && steps.length > 0);
  if (frozen !== undefined) return { read: [], look: null, steps: frozen.steps.map(frozenStep), frozen: true };
  const rollback = target?.rollback;
  if (rollback === undefined) return null;
  const { kubernetes: place = null, plan, steps: own } = rollback;
  const specs = plan === undefined ? own : bundled(plan, place?.service ?? '', room?.pinned ?? null);
  const steps = specs.map((spec) => ({
    label: named(spec.label),
    command: commandOf(spec, place),
    limitMs: spec.timeout,
  }));
  const look = place === null ? null : asTyped([...kubePrefix(place), 'get', 'deployments', '-o', 'wide']);
  return { read: whatToRead(steps, plan), look, steps, frozen: false };
};
