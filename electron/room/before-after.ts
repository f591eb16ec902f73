import { keyOf } from '../../shared/alarms/subjects.ts';
import type { RunContext } from '../../shared/contract.ts';
import type { Actor, NewEvent, RecordedEvent } from '../../shared/events.ts';
import { shelfOf } from '../../shared/projections/alarms.ts';
import { openings, opensAt } from '../../shared/schedule.ts';
import type { ProbeNow } from '../../shared/verdict/run.ts';
import type { Health } from '../../shared/health.ts';
import { roundsOf, visitsOf } from '../../shared/schedule/rounds.ts';
import { runNow } from '../../shared/schedule/run-clock.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { Log } from '../log.ts';
import { pastOf } from '../target/past-of.ts';
import { openVerdicts } from '../verdict/verdicts.ts';
import type { RoomVerdicts } from '../verdict/verdicts.ts';
import { readPins } from './pins.ts';
import type { RoomDeps } from './room.ts';
import { fieldsByItem } from './senses.ts';
import { openState } from './state.ts';
import type { RunState } from './state.ts';

const everyPoint = 1_000_000;
const hour = 3_600_000;

/** What a room knows of the target at this moment; a closed run knows nothing of it any more. */
type Live = {
  /** The newest words of a probe, by name; null before its first answer. */
  readonly facts: (probe: string) => Readonly<Record<string, string>> | null;
  /** The health of a probe now; none before its first answer. */
  readonly health: (probe: string) => Health | undefined;
  readonly version: () => string | null;
  readonly append: (by: Actor, events: readonly NewEvent[]) => readonly RecordedEvent[];
};

/** The looks of the first hour that are planned: the document's rounds. */
const plannedRounds = ({ runbook }: RunContext): readonly number[] =>
  visitsOf(roundsOf(runbook)).flatMap(({ offsetMs }) => (offsetMs <= hour ? [offsetMs] : []));

/** Silenced elsewhere, by the words of the probe that watches the monitors; or here, as an alarm put aside. */
const mutedIn =
  ({ target }: RunContext, state: RunState, { facts }: Live) =>
  (metric: string): boolean => {
    if (shelfOf(state.alarms(), keyOf('metric', metric)) !== null) return true;
    const monitor = target.metrics[metric]?.monitor;
    if (monitor === undefined) return false;
    const muted = facts(monitor.probe)?.['muted'] ?? '';
    return muted.split(';').some((name) => sameWords(name) === sameWords(monitor.name));
  };

const criticalProbes = ({ target }: RunContext, state: RunState, { health }: Live, now: number): readonly ProbeNow[] =>
  Object.entries(target.probes).flatMap(([id, { critical, label }]) => {
    const told = critical ? health(id) : undefined;
    if (told === undefined) return [];
    const since = state.head().health.get(id)?.since ?? now;
    return [{ label, state: told.state, sentence: told.sentence, forMs: now - since }];
  });

/** The before and after of one run, over what its room knows. */
export const openBeforeAfter = (
  deps: RoomDeps,
  context: RunContext,
  state: RunState,
  live: Live,
  until = deps.clock.now,
): RoomVerdicts => {
  const { runId, target } = context;
  const { clock, samples, texts, pictures, kinds, sources } = deps;
  const offsets = plannedRounds(context);
  const opens = openings(context.runbook);
  return openVerdicts({
    ...{ runId, target, clock, texts, pictures, until },
    ...{ append: live.append, version: live.version, state: state.verdicts, checklist: state.checklist },
    bindings: context.bindings,
    fields: fieldsByItem(context.runbook),
    own: (series, from, to) => samples.query(runId, series, from, to, everyPoint),
    ask: (spec, past) => pastOf(spec, kinds, sources, past),
    t0: () => state.head().t0?.at ?? null,
    pins: () => readPins({ target, sources, facts: live.facts, pinned: pinnedIn(deps, context, state) }),
    rounds: () => {
      const { t0, clock: ofRun } = state.head();
      const since = t0 === null ? 0 : runNow(ofRun, until()) - t0.run;
      return { due: offsets.filter((offset) => offset <= since).length, of: offsets.length };
    },
    probes: () => criticalProbes(context, state, live, until()),
    isOpen: (item) => {
      const { t0, clock: ofRun } = state.head();
      const opening = opens.get(item);
      const from = opening === undefined ? null : opensAt(opening, t0?.run ?? null);
      return from !== null && runNow(ofRun, until()) >= from;
    },
    muted: mutedIn(context, state, live),
  });
};

/** After T-0 the cluster runs the new version; what to go back to was written down when the run began. */
const pinnedIn = ({ log }: RoomDeps, { runId }: RunContext, state: RunState) => {
  const event = state.head().t0 === null ? null : log.last(runId, 'cluster-pinned');
  return event?.type === 'cluster-pinned' ? event.body.revisions : null;
};

const app: Actor = { kind: 'app' };

/**
 * Without a baseline from before, nothing could ever be said about after: at T-0, or when a room opens after it, the room takes
 * one by itself where nobody had.
 */
export const automaticBaseline =
  (state: RunState, verdicts: RoomVerdicts, appLog: Log): (() => void) =>
  () => {
    if (state.head().t0 === null || state.head().closed !== null || state.verdicts().baselines.length > 0) return;
    verdicts.takeBaseline(app, { automatic: true, incident: false }).catch((cause: unknown) => {
      appLog.error('the baseline at T-0 could not be taken', cause);
    });
  };

/** The same for a run that is closed: it can be judged again, against another baseline, and the log keeps both. */
export const closedBeforeAfter = (deps: RoomDeps, context: RunContext): RoomVerdicts => {
  const state = openState(deps.log, context);
  state.close();
  const { closed } = state.head();
  const end = closed?.at ?? deps.clock.now();
  return openBeforeAfter(
    deps,
    context,
    state,
    {
      facts: () => null,
      health: () => undefined,
      version: () => null,
      append: (by, events) => deps.log.append(context.runId, by, events),
    },
    () => end,
  );
};
