import type { PracticeState } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';
import { startPractice } from '../practice/service.ts';
import type { Practice } from '../practice/service.ts';

/**
 * The practice service of this app: at most one, up while a practice run is open. `variable` answers for "${practice.…}"
 * in a target, and says why where a part is not there.
 */
export type PracticeGround = {
  readonly open: (state: {
    readonly release: string | null;
    readonly faults: ReadonlyMap<string, number>;
  }) => Promise<void>;
  readonly variable: (name: string) => { readonly value: string } | { readonly absent: string };
  readonly state: () => PracticeState;
  /** Returns the fault's label, for the timeline. */
  readonly setFault: (name: string, level: number) => Promise<string>;
  readonly deploy: (release: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

export const practiceGround = (options: { readonly backing: boolean }): PracticeGround => {
  let practice: Practice | null = null;
  const running = (): Practice => {
    if (practice === null) throw new WarRoomError('conflict', 'No practice run is open.');
    return practice;
  };
  return {
    open: async ({ release, faults }) => {
      practice ??= await startPractice({ backing: options.backing, ...(release === null ? {} : { release }) });
      for (const [fault, level] of faults) if (level > 0) await practice.setFault(fault, level);
    },
    variable: (name) => practice?.variable(name) ?? { absent: 'The practice service is not running.' },
    state: () =>
      practice === null
        ? { running: false, faults: [], parts: [] }
        : { running: true, faults: practice.faults(), parts: practice.parts() },
    setFault: async (name, level) => {
      const fault = running()
        .faults()
        .find((candidate) => candidate.name === name);
      if (fault === undefined) throw new WarRoomError('not-found', `The practice service has no fault "${name}".`);
      await running().setFault(name, level);
      return fault.label;
    },
    deploy: async (release) => running().deploy(release),
    close: async () => {
      const open = practice;
      practice = null;
      await open?.close();
    },
  };
};
