import type { RunContext } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import type { Health } from '../../shared/health.ts';
import type { Room } from '../../shared/projections/room.ts';
import type { Rounds } from '../../shared/projections/rounds.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import type { Opening } from '../../shared/schedule.ts';
import type { Plan } from '../../shared/schedule/due.ts';
import { speedOf } from '../../shared/schedule/run-clock.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import { clockMoves } from './clock-moves.ts';
import { onceDue } from './once.ts';
import { keepRounds } from './rounds.ts';

type Options = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly context: Pick<RunContext, 'bindings' | 'target'>;
  readonly plan: Plan;
  readonly openings: ReadonlyMap<ItemId, Opening>;
  readonly head: () => Room;
  readonly rounds: () => Rounds;
  readonly health: () => ReadonlyMap<string, Health>;
  readonly append: (events: readonly NewEvent[]) => void;
  /** Sends a request that runs once. */
  readonly ask: (probe: string) => void;
};

/** Looks at the clock as long as the room is open. Deadlines are moments, so that a late look loses none. */
export type Timekeeper = {
  /** What must be said before the room opens: that the clock went back meanwhile, say. */
  readonly reopening: () => readonly NewEvent[];
  readonly look: () => void;
  readonly begin: () => void;
  readonly close: () => void;
};

/** Between two looks; a run that goes faster is looked at more often, so that its rounds stay in time. */
const pace = (speed: number): number => (speed > 1 ? 200 : 1_000);

export const openTimekeeper = (options: Options): Timekeeper => {
  const { clock, context, plan, openings, head, append } = options;
  const moved = clockMoves(clock);
  const rounds = [...plan.rounds.values()];
  const bindings = new Map(context.bindings.map((binding) => [binding.item, binding]));
  let timer: NodeJS.Timeout | null = null;

  const look = (): void => {
    const byMs = moved();
    if (byMs !== 0) append([{ type: 'clock-moved', body: { byMs } }]);
    for (const event of onceDue(context, openings, head(), clock.now())) {
      append([event]);
      if (event.type === 'once-asked') options.ask(event.body.probe);
    }
    const sight = { rounds, taken: options.rounds(), head: head(), bindings, health: options.health() };
    append(keepRounds({ ...sight, now: clock.now() }));
  };

  const next = (): void => {
    timer = setTimeout(
      () => {
        try {
          look();
        } catch (cause) {
          // A full disk refuses for a while; what is due stays due and is taken or missed at a later look.
          options.appLog.error('a look at the clock failed', cause);
        }
        next();
      },
      pace(speedOf(head().clock)),
    );
  };

  return {
    reopening: () => {
      const behind = Math.round(clock.now()) - (head().lastAt ?? 0);
      return behind < 0 ? [{ type: 'clock-moved', body: { byMs: behind } }] : [];
    },
    look,
    begin: () => {
      look();
      next();
    },
    close: () => {
      if (timer !== null) clearTimeout(timer);
    },
  };
};
