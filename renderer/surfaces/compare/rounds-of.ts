import type { HealthState } from '../../../shared/health.ts';
import { visitsOf } from '../../../shared/schedule/rounds.ts';
import type { RunView } from '../../run-view.ts';

export type RoundValue = { readonly value: string; readonly state: HealthState; readonly sentence: string };

/** One moment of the document's rounds that is behind us, with what each metric was then. */
export type RoundColumn = {
  readonly offsetMs: number;
  readonly missed: boolean;
  readonly values: ReadonlyMap<string, RoundValue>;
};

/** The rounds as columns, oldest first: each reading that one metric answered stands under that metric. */
export const roundColumns = ({ plan, rounds }: Pick<RunView, 'plan' | 'rounds'>): readonly RoundColumn[] =>
  visitsOf([...plan.rounds.values()]).flatMap(({ offsetMs, rounds: own }) => {
    const been = own.flatMap(({ id }) => rounds.get(id) ?? []);
    if (been.length === 0) return [];
    const values = new Map<string, RoundValue>();
    for (const { taken } of been)
      for (const { machine } of taken.values()) {
        const [metric, ...others] = machine?.sources ?? [];
        if (machine !== null && metric !== undefined && others.length === 0) values.set(metric, machine);
      }
    return [{ offsetMs, missed: been.every(({ state }) => state === 'missed'), values }];
  });
