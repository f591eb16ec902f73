import type { NewEvent } from '../../shared/events.ts';
import { formatSpan } from '../../shared/format.ts';
import { worst } from '../../shared/health.ts';
import type { Health, HealthState } from '../../shared/health.ts';
import type { Room } from '../../shared/projections/room.ts';
import type { Rounds } from '../../shared/projections/rounds.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { graceOf } from '../../shared/schedule/rounds.ts';
import type { ReadingSpec, Round } from '../../shared/schedule/rounds.ts';
import { runNow } from '../../shared/schedule/run-clock.ts';
import { sameWords } from '../../shared/target/bind.ts';
import type { BoundItem } from '../../shared/target/bind.ts';

type Captured = Extract<NewEvent, { type: 'round-captured' }>;
type Answer = { readonly sources: readonly string[]; readonly healths: readonly Health[] };

export type RoundSight = {
  readonly rounds: readonly Round[];
  readonly taken: Rounds;
  readonly head: Room;
  readonly bindings: ReadonlyMap<ItemId, BoundItem>;
  readonly health: ReadonlyMap<string, Health>;
  /** The wall clock. */
  readonly now: number;
};

/** Which probes and metrics answer a reading: the metric bound to its blank, else all that sense its item. */
const sourcesOf = (reading: ReadingSpec, round: Round, binding: BoundItem | undefined): readonly string[] => {
  if (binding === undefined) return [];
  const bound = Object.entries(binding.fields).find(([label]) => sameWords(label) === sameWords(reading.label));
  if (reading.field !== null && bound !== undefined) return [bound[1]];
  const alone = round.readings.filter(({ item }) => item === reading.item).length === 1;
  // One of several blanks without a metric of its own has no answer: the others' would be a wrong one.
  if (!alone) return [];
  const only = Object.values(binding.fields);
  if (reading.field !== null && only.length === 1) return only;
  return binding.by === 'sensed' ? [...binding.metrics, ...binding.probes] : [];
};

const answerTo = (reading: ReadingSpec, round: Round, sight: RoundSight): Answer => {
  const sources = sourcesOf(reading, round, sight.bindings.get(reading.item));
  return { sources, healths: sources.flatMap((id) => sight.health.get(id) ?? []) };
};

/** States in which a machine has told something; every other one leaves the reading to people. */
const telling: ReadonlySet<HealthState> = new Set(['ok', 'shaky', 'warn', 'fail', 'little']);
/** States that the next few seconds may change, as after waking up. */
const fleeting: ReadonlySet<HealthState> = new Set(['stale', 'pending', 'unknown', 'internal']);

const stateOf = ({ sources, healths }: Answer): HealthState =>
  healths.length < sources.length ? 'pending' : worst(healths.map(({ state }) => state));

const titleOf = ({ title, offsetMs }: Round): string => `${title}, T+${formatSpan(offsetMs)}`;

const capture = (round: Round, dueAt: number, latenessMs: number, sight: RoundSight): Captured => {
  const answers = round.readings.map((reading) => ({ reading, answer: answerTo(reading, round, sight) }));
  const told = answers.filter(({ answer }) => answer.sources.length > 0 && telling.has(stateOf(answer)));
  return {
    type: 'round-captured',
    body: {
      round: round.id,
      title: titleOf(round),
      dueAt,
      latenessMs,
      readings: told.map(({ reading, answer }) => ({
        reading: reading.id,
        value: answer.healths.flatMap(({ text }) => (text === '' ? [] : [text])).join(' · '),
        state: stateOf(answer),
        sentence: answer.healths.map(({ sentence }) => sentence).join(' '),
        sources: [...answer.sources],
        sampleAt: answer.healths.reduce<number | null>(
          (newest, { at }) => Math.max(newest ?? 0, at ?? 0) || null,
          null,
        ),
      })),
      left: answers.filter((entry) => !told.includes(entry)).map(({ reading }) => reading.id),
    },
  };
};

/** Whether every machine that answers this round has something to tell now. */
const isFresh = (round: Round, sight: RoundSight): boolean =>
  round.readings.every((reading) => {
    const answer = answerTo(reading, round, sight);
    return answer.sources.length === 0 || !fleeting.has(stateOf(answer));
  });

const whyMissed = (dueAt: number, { saidRun }: { readonly saidRun: number }, openedRun: number) =>
  dueAt < saidRun ? 'before' : dueAt < openedRun ? 'closed' : 'asleep';

/**
 * What the clock has brought about since the last look: rounds whose moment has come are taken from what machines say
 * now, and those nobody was there for are missed. Each round once; nothing here starts a probe or a command.
 */
export const keepRounds = (sight: RoundSight): readonly NewEvent[] => {
  const { head, now } = sight;
  const { t0 } = head;
  if (t0 === null) return [];
  const run = runNow(head.clock, now);
  return sight.rounds.flatMap((round): readonly NewEvent[] => {
    const dueAt = t0.run + round.offsetMs;
    const latenessMs = run - dueAt;
    if (latenessMs < 0 || sight.taken.has(round.id)) return [];
    const grace = graceOf(round);
    if (latenessMs > grace)
      return [
        {
          type: 'round-missed',
          body: {
            round: round.id,
            title: titleOf(round),
            dueAt,
            latenessMs,
            why: whyMissed(dueAt, t0, head.openedRun),
          },
        },
      ];
    // After waking up the probes get half of the grace to answer anew.
    return latenessMs < grace / 2 && !isFresh(round, sight) ? [] : [capture(round, dueAt, latenessMs, sight)];
  });
};
