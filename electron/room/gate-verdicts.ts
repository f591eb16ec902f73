import { WarRoomError } from '../../shared/errors.ts';
import type { Actor } from '../../shared/events.ts';
import { gateStanding } from '../../shared/gate-rules.ts';
import type { GateSight } from '../../shared/gate-rules.ts';
import type { Log } from '../log.ts';
import type { RoomVerdicts } from '../verdict/verdicts.ts';
import type { RunState } from './state.ts';

const app: Actor = { kind: 'app' };

type Options = {
  readonly state: RunState;
  readonly sight: () => GateSight;
  readonly verdicts: RoomVerdicts;
  readonly appLog: Log;
};

/**
 * When a gate after T-0 comes up, the room says what the numbers speak for, once, and writes it down beside it. It waits while
 * the baseline is still being taken; where it can't judge, people decide without it.
 */
export const gateVerdicts = ({ state, sight, verdicts, appLog }: Options): (() => void) => {
  const asked = new Set<string>();
  return () => {
    if (state.head().t0 === null || state.verdicts().baselines.length === 0) return;
    const seen = sight();
    const given = new Set(state.verdicts().verdicts.flatMap(({ gate }) => gate?.id ?? []));
    for (const gate of seen.plan.gates) {
      if (gate.kind !== 'moment' || given.has(gate.id) || asked.has(gate.id)) continue;
      const { state: standing } = gateStanding(gate, seen);
      if (standing !== 'open' && standing !== 'stopped') continue;
      asked.add(gate.id);
      verdicts
        .give(app, { baseline: null, week: false }, { id: gate.id, title: gate.title })
        .catch((cause: unknown) => appLog.error(`no verdict could be given at "${gate.title}"`, cause));
    }
  };
};

/** The digest of a verdict given now for a decision; null before T-0 and where it can't be judged: people decide all the same. */
export const verdictFor = async (
  { state, verdicts }: Pick<Options, 'state' | 'verdicts'>,
  by: Actor,
  gate: { readonly id: string; readonly title: string },
): Promise<string | null> => {
  if (state.head().t0 === null) return null;
  try {
    return (await verdicts.give(by, { baseline: null, week: false }, gate)).digest;
  } catch (cause) {
    if (cause instanceof WarRoomError) return null;
    throw cause;
  }
};
