import type { RecordedEvent, RunId } from '../../shared/events.ts';
import { outsideRollback } from '../../shared/rollback/plan.ts';
import type { AcrossRuns, Failures, FailureShare, PastDeploy } from '../../shared/verdict/contract.ts';
import type { EventLog } from '../store/event-log.ts';
import type { Samples } from '../store/samples.ts';

type Deps = { readonly log: EventLog; readonly samples: Samples };

/** A run of this service in this environment, told to be live at some moment. */
type Deploy = {
  readonly runId: RunId;
  readonly service: string;
  readonly environment: string;
  readonly release: string;
  readonly t0: number;
};

const shown = 10;
/** A value may be this old at the minute that is asked for. */
const oldestMs = 120_000;

/** The newest T-0 that a run was given. */
const t0Of = (log: EventLog): ReadonlyMap<RunId, number> =>
  new Map(
    [...log.ofType('t0-set'), ...log.ofType('t0-corrected')]
      .toSorted((a, b) => a.seq - b.seq)
      .map(({ runId, body }) => [runId, body.t0]),
  );

const deploysOf = (log: EventLog): readonly Deploy[] => {
  const t0s = t0Of(log);
  return log.ofType('run-started').flatMap(({ runId, body: { service, environment, release } }) => {
    const t0 = t0s.get(runId);
    return t0 === undefined ? [] : [{ runId, service, environment, release, t0 }];
  });
};

type Trouble = Pick<PastDeploy, 'failed' | 'restoreMs'>;

const median = (values: readonly number[]): number | null => {
  const sorted = values.toSorted((a, b) => a - b);
  const [low, high] = [sorted[Math.floor((sorted.length - 1) / 2)], sorted[Math.floor(sorted.length / 2)]];
  return low === undefined || high === undefined ? null : (low + high) / 2;
};

/** When the last of the incidents that were opened was resolved; null while one is open, 0 without any. */
const resolvedAt = (after: readonly RecordedEvent[]): number | null => {
  const open = new Set<string>();
  let at = 0;
  for (const event of after) {
    if (event.type === 'incident-opened' || event.type === 'incident-reopened') open.add(event.body.incident);
    if (event.type !== 'incident-resolved') continue;
    open.delete(event.body.incident);
    at = event.at;
  }
  return open.size > 0 ? null : at;
};

/** The rollbacks of War Room among these, and those that people carried out without it. */
const goneBack = (after: readonly RecordedEvent[]) => {
  const own = new Set(
    after.flatMap((event) =>
      event.type === 'rollback-proposed' && event.body.purpose === 'rollback' ? [event.body.rollback] : [],
    ),
  );
  const isConfirmed = after.some((event) => event.type === 'rollback-confirmed' && own.has(event.body.rollback));
  // Its moment is people's word, and the newest word counts.
  const reported = after.findLast((event) => event.type === 'rollback-reported')?.body.at;
  const proposed = after.find((event) => event.type === 'rollback-proposed' && own.has(event.body.rollback))?.at;
  const well = after.findLast(
    (event) =>
      event.type === 'rollback-recovered' &&
      event.body.back &&
      (own.has(event.body.rollback) || event.body.rollback === outsideRollback),
  )?.at;
  const last = after.findLast((event) => event.type === 'rollback-finished' && own.has(event.body.rollback))?.at;
  return { isDone: isConfirmed || reported !== undefined, reported, proposed, over: well ?? last ?? reported };
};

/**
 * A deployment failed when after T-0 people confirmed a rollback, carried one out without War Room, decided for one at a
 * gate, or opened an incident. Restoring it takes from the first of these signs (a rollback's is its proposal) until the
 * room saw all well again, or the rollback's last step where it did not, and every incident was resolved.
 */
const troubleOf = (events: readonly RecordedEvent[], t0: number): Trouble => {
  const after = events.filter(({ at }) => at >= t0);
  const { isDone, reported, proposed, over } = goneBack(after);
  const decided = after.find((event) => event.type === 'gate-decided' && event.body.decision === 'rollback');
  const incident = after.find((event) => event.type === 'incident-opened');
  if (!isDone && decided === undefined && incident === undefined) return { failed: null, restoreMs: null };
  const backed = isDone || decided !== undefined;
  const signs = [backed ? proposed : undefined, reported, decided?.at, incident?.at];
  const from = Math.min(...signs.map((at) => at ?? Infinity));
  const resolved = resolvedAt(after);
  const isOver = resolved !== null && (!backed || over !== undefined);
  return {
    failed: isDone ? 'rolled back' : decided !== undefined ? 'a gate decided to roll back' : 'an incident',
    restoreMs: isOver ? Math.max(over ?? 0, resolved) - from : null,
  };
};

const troubleEvents = [
  'rollback-proposed',
  'rollback-confirmed',
  'rollback-finished',
  'rollback-recovered',
  'rollback-reported',
  'gate-decided',
  'incident-opened',
  'incident-reopened',
  'incident-resolved',
] as const;

type Judged = Deploy & Trouble;

const judgedBy = (log: EventLog, deploys: readonly Deploy[]): readonly Judged[] => {
  const events = Map.groupBy(
    troubleEvents.flatMap((type): readonly RecordedEvent[] => log.ofType(type)).toSorted((a, b) => a.seq - b.seq),
    ({ runId }) => runId,
  );
  return deploys.map((deploy) => ({ ...deploy, ...troubleOf(events.get(deploy.runId) ?? [], deploy.t0) }));
};

const shareOf = (all: readonly Judged[]): FailureShare => ({
  failed: all.filter(({ failed }) => failed !== null).length,
  of: all.length,
  restoreMs: median(all.flatMap(({ restoreMs }) => restoreMs ?? [])),
});

/** How often and for how long deployments went wrong: each service in each environment, and each run. */
export const failuresOf = (log: EventLog): Failures => {
  const all = judgedBy(log, deploysOf(log));
  const groups = Map.groupBy(all, ({ service, environment }) => `${service}\n${environment}`);
  return {
    services: [...groups.values()]
      .map((own) => ({ service: own[0]?.service ?? '', environment: own[0]?.environment ?? '', ...shareOf(own) }))
      .toSorted((a, b) => a.service.localeCompare(b.service) || a.environment.localeCompare(b.environment)),
    runs: Object.fromEntries(all.map(({ runId, failed, restoreMs }) => [runId, { failed, restoreMs }])),
  };
};

/** This deployment beside the last ten of its service at the same minute, and how often and how long they went wrong. */
export const acrossRuns = (
  { log, samples }: Deps,
  run: {
    readonly runId: RunId;
    readonly service: string;
    readonly environment: string;
    readonly metrics: readonly string[];
  },
  until: number,
): AcrossRuns => {
  const deploys = deploysOf(log).filter(
    ({ service, environment }) => service === run.service && environment === run.environment,
  );
  const own = deploys.find(({ runId }) => runId === run.runId);
  const minuteMs = own === undefined ? null : Math.max(0, until - own.t0);
  const valuesOf = ({ runId, t0 }: Deploy): PastDeploy['values'] => {
    const at = t0 + (minuteMs ?? 0);
    return Object.fromEntries(
      run.metrics.map((metric) => [metric, samples.query(runId, metric, at - oldestMs, at, 5_000).at(-1)?.[1] ?? null]),
    );
  };
  const all = judgedBy(log, deploys);
  const before = all
    .filter(({ runId, t0 }) => runId !== run.runId && t0 < (own?.t0 ?? Infinity))
    .toSorted((a, b) => b.t0 - a.t0)
    .slice(0, shown);
  return {
    minuteMs,
    before: before.map((deploy) => ({ ...deploy, values: minuteMs === null ? {} : valuesOf(deploy) })),
    now: own === undefined ? {} : valuesOf(own),
    failures: shareOf(all),
  };
};
