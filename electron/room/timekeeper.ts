import type { RunContext } from '../../shared/contract.ts';
import { keepEscalations, nextMoment } from '../../shared/escalation/keep.ts';
import type { PeopleOf } from '../../shared/escalation/keep.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { GateSight } from '../../shared/gate-rules.ts';
import { votersOf } from '../../shared/gates.ts';
import type { Health } from '../../shared/health.ts';
import type { Field, ItemId } from '../../shared/runbook/model.ts';
import { openings } from '../../shared/schedule.ts';
import { planOf } from '../../shared/schedule/due.ts';
import { runNow, speedOf, wallTime } from '../../shared/schedule/run-clock.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { clockMoves } from './clock-moves.ts';
import { calledByAlarms } from './escalations.ts';
import { onceDue } from './once.ts';
import { keepRounds } from './rounds.ts';
import { sense } from './senses.ts';
import type { RunState } from './state.ts';

type Options = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly context: RunContext;
  readonly state: RunState;
  /** The blanks of every item. */
  readonly fields: ReadonlyMap<ItemId, readonly Field[]>;
  readonly health: () => ReadonlyMap<string, Health>;
  readonly append: (events: readonly NewEvent[]) => void;
  readonly peopleOf: PeopleOf;
  /** Sends a request that runs once. */
  readonly ask: (probe: string) => void;
};

/** Looks at the clock as long as the room is open. Deadlines are moments, so that a late look loses none. */
export type Timekeeper = {
  /** What must be said before the room opens: that the clock went back meanwhile, say. */
  readonly reopening: () => readonly NewEvent[];
  readonly look: () => void;
  /** Writes down what follows for the items from what machines say now. */
  readonly sense: () => void;
  readonly gateSight: () => GateSight;
  readonly begin: () => void;
  readonly close: () => void;
};

/** What could not be written down is not tried again sooner than this. */
const shortestMs = 20;
/** Between two looks; a run that goes faster is looked at more often, so that its rounds stay in time. */
const pace = (speed: number): number => (speed > 1 ? 200 : 500);

export const openTimekeeper = (options: Options): Timekeeper => {
  const { clock, context, state, fields, append } = options;
  const { head } = state;
  const plan = planOf(context.runbook);
  const voters = votersOf(context.runbook, context.target);
  const opens = openings(context.runbook);
  const moved = clockMoves(clock);
  const rounds = [...plan.rounds.values()];
  const bindings = new Map(context.bindings.map((binding) => [binding.item, binding]));
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    const byMs = moved();
    if (byMs !== 0) append([{ type: 'clock-moved', body: { byMs } }]);
    for (const event of onceDue(context, opens, head(), clock.now())) {
      append([event]);
      if (event.type === 'once-asked') options.ask(event.body.probe);
    }
    const sight = { rounds, taken: state.rounds(), head: head(), bindings, health: options.health() };
    append(keepRounds({ ...sight, now: clock.now() }));
    const run = runNow(head().clock, clock.now());
    append(calledByAlarms({ context, state, now: run, peopleOf: options.peopleOf }));
    append(keepEscalations(state.escalations(), run, options.peopleOf));
  };

  /** An escalation is looked at in its very moment; sleep and a busy machine can only make it later. */
  const untilNext = (): number => {
    const { clock: ofRun } = head();
    const moment = nextMoment(state.escalations());
    const left = moment === null ? Infinity : (moment - runNow(ofRun, clock.now())) / speedOf(ofRun);
    return Math.min(pace(speedOf(ofRun)), Math.max(shortestMs, left));
  };

  const next = (): void => {
    timer = setTimeout(() => {
      try {
        look();
      } catch (cause) {
        // A full disk refuses for a while; what is due stays due and is taken or missed at a later look.
        options.appLog.error('a look at the clock failed', cause);
      }
      next();
    }, untilNext());
  };

  return {
    reopening: () => {
      const behind = Math.round(clock.now()) - (head().lastAt ?? 0);
      return behind < 0 ? [{ type: 'clock-moved', body: { byMs: behind } }] : [];
    },
    look,
    sense: () => {
      const { clock: ofRun, t0 } = head();
      append(
        sense({
          checklist: state.checklist(),
          bindings: context.bindings,
          openings: opens,
          fields,
          health: options.health(),
          t0: t0?.run ?? null,
          now: runNow(ofRun, clock.now()),
          wall: (run) => wallTime(ofRun, run),
        }),
      );
    },
    gateSight: () => {
      const { clock: ofRun, t0 } = head();
      const said = { checklist: state.checklist(), rounds: state.rounds(), gates: state.gates() };
      return { plan, voters, ...said, t0: t0?.run ?? null, now: runNow(ofRun, clock.now()) };
    },
    begin: () => {
      look();
      next();
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
};
