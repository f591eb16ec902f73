import type { HealthTick, RunContext } from '../../shared/contract.ts';
import type { NewEvent } from '../../shared/events.ts';
import { decideClock } from '../../shared/alarms/decide-clock.ts';
import { decideLooks } from '../../shared/alarms/decide.ts';
import type { Look, Memories, Sight } from '../../shared/alarms/decide.ts';
import { keyOf, subjectsOf } from '../../shared/alarms/subjects.ts';
import type { Clock } from '../clock.ts';
import type { Log } from '../log.ts';
import type { Watch } from '../scheduler/watch.ts';
import type { RunState } from './state.ts';

type Options = {
  readonly clock: Clock;
  readonly appLog: Log;
  readonly context: RunContext;
  readonly state: RunState;
  readonly watch: Pick<Watch, 'onTick'>;
  readonly append: (events: readonly NewEvent[]) => void;
  /** Asks a probe now. */
  readonly ask: (probe: string) => void;
};

const lookMs = 1_000;
/** A failure is asked after once more this soon: the second answer is another one than the first. */
const askAgainMs = 500;

/** Raises and clears the alarms of one open run from what its probes say, until it is closed; after its end nothing raises. */
export const openAlarms = ({ clock, appLog, context, state, watch, append, ask }: Options) => {
  const { target } = context;
  const subjects = subjectsOf(target);
  const timers = new Set<NodeJS.Timeout>();
  let memories: Memories = new Map();
  const sight = (): Sight => ({ subjects, target, alarms: state.alarms(), now: clock.now() });
  const closed = (): boolean => state.head().closed !== null;

  const looksOf = (tick: HealthTick): readonly Look[] =>
    (['probe', 'metric'] as const).flatMap((subject) =>
      (subject === 'probe' ? tick.probes : tick.metrics).flatMap(({ id, state: health, sentence, at }) => {
        const key = keyOf(subject, id);
        return subjects.has(key) ? [{ key, state: health, sentence, at }] : [];
      }),
    );

  const askSoon = (probe: string): void => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      ask(probe);
    }, askAgainMs);
    timers.add(timer);
  };

  const look = (): void => {
    try {
      if (!closed()) append(decideClock(sight(), memories));
    } catch (cause) {
      // A full disk refuses for a while; what time brings is still due at the next look.
      appLog.error('a look at the alarms failed', cause);
    }
  };

  const take = (tick: HealthTick): void => {
    if (closed()) return;
    const decided = decideLooks(sight(), memories, looksOf(tick));
    append(decided.events);
    // Only once it is on disk does it count as said.
    memories = decided.memories;
    decided.ask.forEach(askSoon);
  };

  const unwatch = watch.onTick(take);
  timers.add(setInterval(look, lookMs));
  return {
    close: (): void => {
      unwatch();
      for (const timer of timers) clearTimeout(timer);
    },
  };
};
