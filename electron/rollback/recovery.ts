import { formatSpan } from '../../shared/format.ts';
import { passes } from '../../shared/health.ts';
import type { Rollback } from '../../shared/projections/rollback.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Ground } from './work.ts';

const pollMs = 1_000;

/** What tells that the service is itself again: everything marked critical, and what the plan waited for. */
const watchedIn = (target: Target, rollback: Rollback): readonly string[] => {
  const all = { ...target.probes, ...target.metrics };
  const critical = Object.entries(all).flatMap(([id, spec]) => (spec.critical ? id : []));
  const waited = rollback.steps.flatMap((step) => [step.with['probes'], step.with['metrics']].flat());
  return [...new Set([...critical, ...waited.filter((id): id is string => typeof id === 'string')])];
};

/**
 * After a rollback: watches until everything stayed inside its lines for a while, or the time is over, and says which.
 * Ends by itself; the returned function ends it earlier.
 */
export const watchRecovery = (ground: Ground, target: Target, rollback: Rollback): (() => void) => {
  const { for: forMs, within } = target.rollback?.recovery ?? { for: 300_000, within: 600_000 };
  const ids = watchedIn(target, rollback);
  const since = rollback.finishedAt ?? ground.clock.now();
  let wellSince: number | null = null;
  const say = (back: boolean, sentence: string): void => {
    clearInterval(timer);
    ground.append({ kind: 'app' }, [{ type: 'rollback-recovered', body: { rollback: rollback.id, back, sentence } }]);
  };
  const look = (): void => {
    const now = ground.clock.now();
    const wrong = ids.filter((id) => !passes(ground.health(id)?.state ?? 'pending'));
    wellSince = wrong.length > 0 ? null : (wellSince ?? now);
    if (wellSince !== null && now - wellSince >= forMs)
      say(true, `Back to normal: ${ids.length} values inside their lines for ${formatSpan(now - wellSince)}.`);
    else if (now - since >= within)
      say(
        false,
        `Not back to normal after ${formatSpan(within)}: ${wrong.length === 0 ? 'not yet long enough' : wrong.join(', ')}.`,
      );
  };
  const timer = setInterval(look, pollMs);
  timer.unref();
  return () => clearInterval(timer);
};
