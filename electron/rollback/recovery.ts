import { formatSpan } from '../../shared/format.ts';
import { passes } from '../../shared/health.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import type { Verdicts } from '../../shared/projections/verdicts.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Ground } from './work.ts';

const pollMs = 1_000;

type Frozen = Verdicts['baselines'][number]['metrics'][number];
type Metric = Target['metrics'][string];

/** What tells that the service is itself again: everything marked critical, and what the plan waited for. */
const watchedIn = (target: Target, rollback: Rollback): readonly string[] => {
  const all = { ...target.probes, ...target.metrics };
  const critical = Object.entries(all).flatMap(([id, spec]) => (spec.critical ? id : []));
  const waited = rollback.steps.flatMap((step) => [step.with['probes'], step.with['metrics']].flat());
  return [...new Set([...critical, ...waited.filter((id): id is string => typeof id === 'string')])];
};

/**
 * How far from its baseline a value may be and still be back: a quarter of it, a tenth of its target line, or as far as
 * its own 95th percentile was, whichever is widest. Only the side that its lines call worse counts; null: no side is.
 */
const edgeOf = (
  { value, p95 }: Frozen,
  { target, alert }: Metric,
): { readonly up: boolean; readonly at: number } | null => {
  const line = target ?? alert;
  if (value === null || line === undefined) return null;
  const slack = Math.max(Math.abs(value) / 4, Math.abs(line.value) / 10);
  // Both lines are kept as the side on which all is well.
  const up = line.op.startsWith('<');
  return up ? { up, at: Math.max(value + slack, p95 ?? value) } : { up, at: value - slack };
};

/** The metrics that were frozen before the deployment, each with the value beyond which it is not back yet. */
const edgesOf = (target: Target, frozen: readonly Frozen[]) =>
  frozen.flatMap((own) => {
    const spec = target.metrics[own.metric];
    const edge = spec === undefined || own.n === 0 ? null : edgeOf(own, spec);
    return edge === null ? [] : [{ ...own, edge }];
  });

/**
 * After a rollback: watches until every metric stayed where it was before the deployment, and what is critical inside
 * its lines, for a while; or the time is over. Says which. Ends by itself; the returned function ends it earlier.
 */
export const watchRecovery = (
  ground: Ground,
  target: Target,
  rollback: Rollback,
  baseline: readonly Frozen[],
): (() => void) => {
  const { for: forMs, within } = target.rollback?.recovery ?? { for: 300_000, within: 600_000 };
  const ids = watchedIn(target, rollback);
  const edges = edgesOf(target, baseline);
  const since = rollback.finishedAt ?? ground.clock.now();
  let wellSince: number | null = null;
  const say = (back: boolean, sentence: string): void => {
    clearInterval(timer);
    ground.append({ kind: 'app' }, [{ type: 'rollback-recovered', body: { rollback: rollback.id, back, sentence } }]);
  };
  const labelOf = (id: string): string => target.probes[id]?.label ?? target.metrics[id]?.label ?? id;
  const wrongNow = (): readonly string[] => [
    ...ids.flatMap((id) => {
      const state = ground.health(id)?.state ?? 'pending';
      return passes(state) ? [] : [`${labelOf(id)} is ${state}`];
    }),
    ...edges.flatMap(({ metric, label, text, edge }) => {
      const health = ground.health(metric);
      const value = health?.value ?? null;
      if (value === null) return [`${label} says nothing`];
      return (edge.up ? value > edge.at : value < edge.at)
        ? [`${label} is ${health?.text ?? value}, before ${text}`]
        : [];
    }),
  ];
  const judged =
    edges.length === 0
      ? `there is no baseline to compare with, so ${ids.length} values were held against their lines`
      : `${edges.length} metrics are where they were before the deployment and ${ids.length} values inside their lines`;
  const look = (): void => {
    const now = ground.clock.now();
    const wrong = wrongNow();
    wellSince = wrong.length > 0 ? null : (wellSince ?? now);
    if (wellSince !== null && now - wellSince >= forMs)
      say(true, `Back to the baseline for ${formatSpan(now - wellSince)}: ${judged}.`);
    else if (now - since >= within)
      say(
        false,
        wrong.length === 0
          ? `Well for ${formatSpan(now - (wellSince ?? now))} only, after ${formatSpan(within)}: ${judged}.`
          : `Not back after ${formatSpan(within)}: ${wrong.join('; ')}.`,
      );
  };
  const timer = setInterval(look, pollMs);
  timer.unref();
  return () => clearInterval(timer);
};
