import { isWell } from '../health.ts';
import type { Health } from '../health.ts';
import type { Verdicts } from '../projections/verdicts.ts';
import type { Target } from '../target/schema.ts';

/** What tells that a service is itself again after it went back, by War Room or without it. */

type Frozen = Verdicts['baselines'][number]['metrics'][number];
type Metric = Target['metrics'][string];
type Watching = Readonly<Record<string, unknown>>;

/** The value beyond which a metric is not back where it was before the deployment. */
export type Edge = Frozen & { readonly edge: { readonly up: boolean; readonly at: number } };

/** `ids`: probes and metrics that have to be well. Both empty: nothing here tells it. */
export type RecoverySigns = { readonly ids: readonly string[]; readonly edges: readonly Edge[] };

export const tellsNothing = ({ ids, edges }: RecoverySigns): boolean => ids.length + edges.length === 0;

/**
 * How far from its baseline a value may be and still be back: a quarter of it, a tenth of its target line, or as far as
 * its own 95th percentile was, whichever is widest. Only the side that its lines call worse counts; null: no side is.
 */
const edgeOf = ({ value, p95 }: Frozen, { target, alert }: Metric): Edge['edge'] | null => {
  const line = target ?? alert;
  if (value === null || line === undefined) return null;
  const slack = Math.max(Math.abs(value) / 4, Math.abs(line.value) / 10);
  // Both lines are kept as the side on which all is well.
  const up = line.op.startsWith('<');
  return up ? { up, at: Math.max(value + slack, p95 ?? value) } : { up, at: value - slack };
};

/** The metrics that were frozen before the deployment; what was frozen during an incident is nothing to go back to. */
const edgesOf = (target: Target, { baselines }: Pick<Verdicts, 'baselines'>): readonly Edge[] =>
  (baselines.findLast(({ incident }) => !incident)?.metrics ?? []).flatMap((own) => {
    const spec = target.metrics[own.metric];
    const edge = spec === undefined || own.n === 0 ? null : edgeOf(own, spec);
    return edge === null ? [] : [{ ...own, edge }];
  });

const namedIn = (all: readonly Watching[]): readonly string[] =>
  all.flatMap((own) => [own['probes'], own['metrics']].flat()).filter((id): id is string => typeof id === 'string');

/** Everything that is asked by itself, again and again. */
const repeating = ({ probes, metrics }: Target): readonly string[] => {
  const own = Object.entries(probes).flatMap(([id, { once }]) => (once ? [] : [id]));
  return [...own, ...Object.entries(metrics).flatMap(([id, { probe }]) => (own.includes(probe) ? [id] : []))];
};

/**
 * Everything marked critical, what the plan to go back waits for (`steps`: the one that was carried out), and what was
 * frozen before the deployment. Where a target has none of these, all that it watches.
 */
export const recoverySigns = (
  target: Target,
  verdicts: Pick<Verdicts, 'baselines'>,
  steps: readonly { readonly with: Watching }[],
): RecoverySigns => {
  const { plan, steps: own = [] } = target.rollback ?? {};
  const critical = Object.entries({ ...target.probes, ...target.metrics }).flatMap(([id, spec]) =>
    spec.critical ? id : [],
  );
  const waited = namedIn([...(plan === undefined ? [] : [plan]), ...[...own, ...steps].map((step) => step.with)]);
  const ids = [...new Set([...critical, ...waited])];
  const edges = edgesOf(target, verdicts);
  return tellsNothing({ ids, edges }) ? { ids: repeating(target), edges } : { ids, edges };
};

/** A metric's sentence begins with its label, a probe's does not. */
const said = (label: string, sentence: string): string => {
  const words = sentence === '' ? 'not asked yet' : sentence.replace(/\.$/u, '');
  return words.startsWith(label) ? words : `${label}: ${words}`;
};

/** What is not back yet, each in words; empty once all of it is. What cannot be had here tells nothing either way. */
export const notBack = (
  { ids, edges }: RecoverySigns,
  { probes, metrics }: Target,
  healthOf: (id: string) => Health | null | undefined,
): readonly string[] => [
  ...ids.flatMap((id) => {
    const { state, sentence } = healthOf(id) ?? { state: 'pending', sentence: '' };
    return isWell(state) || state === 'absent' ? [] : [said(probes[id]?.label ?? metrics[id]?.label ?? id, sentence)];
  }),
  ...edges.flatMap(({ metric, label, text, edge }) => {
    const health = healthOf(metric);
    const value = health?.value ?? null;
    if (value === null) return [`${label} says nothing`];
    return (edge.up ? value > edge.at : value < edge.at)
      ? [`${label} is ${health?.text ?? value}, before ${text}`]
      : [];
  }),
];
