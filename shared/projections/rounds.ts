import type { Actor, EventBody, RecordedEvent } from '../events.ts';
import type { PaperMark } from '../paper/mark.ts';
import type { Projection } from '../projection.ts';
import type { RoundId } from '../schedule/rounds.ts';

type Captured = EventBody<'round-captured'>['readings'][number];

/** A reading as a machine gave it, or as a person did; what a person says of it stands before the machine's word. */
export type Taken = {
  readonly value: string;
  readonly fine: boolean | null;
  readonly machine: Captured | null;
  readonly at: number;
  readonly by: Actor;
  /** Written by hand and typed in later; null where it was read off here. */
  readonly paper: PaperMark | null;
};

/** What became of a round. A missed one keeps what people read off by themselves, and stays missed. */
export type RoundView = {
  readonly state: 'captured' | 'missed';
  readonly at: number;
  readonly latenessMs: number;
  readonly why: EventBody<'round-missed'>['why'] | null;
  readonly taken: ReadonlyMap<string, Taken>;
};

/** Rounds that are behind us, by id; one that is not in it has not been. */
export type Rounds = ReadonlyMap<RoundId, RoundView>;

const begun = (rounds: Rounds, event: Extract<RecordedEvent, { type: 'round-captured' | 'round-missed' }>): Rounds => {
  // A round is taken once: whatever says so again changes nothing.
  if (rounds.has(event.body.round)) return rounds;
  const { at, by } = event;
  const { latenessMs } = event.body;
  const view: RoundView =
    event.type === 'round-missed'
      ? { state: 'missed', at, latenessMs, why: event.body.why, taken: new Map() }
      : {
          state: 'captured',
          at,
          latenessMs,
          why: null,
          taken: new Map(
            event.body.readings.map((machine): [string, Taken] => [
              machine.reading,
              { value: machine.value, fine: null, machine, at: machine.sampleAt ?? at, by, paper: null },
            ]),
          ),
        };
  return new Map(rounds).set(event.body.round, view);
};

const apply = (rounds: Rounds, event: RecordedEvent): Rounds => {
  switch (event.type) {
    case 'round-captured':
    case 'round-missed':
      return begun(rounds, event);
    case 'round-answered': {
      const { round, reading, value, fine, paper = null } = event.body;
      const view = rounds.get(round);
      if (view === undefined) return rounds;
      const machine = view.taken.get(reading)?.machine ?? null;
      const taken = new Map(view.taken).set(reading, { value, fine, machine, at: event.at, by: event.by, paper });
      return new Map(rounds).set(round, { ...view, taken });
    }
    default:
      return rounds;
  }
};

export const roundsProjection: Projection<unknown, Rounds> = { init: () => new Map(), apply };
