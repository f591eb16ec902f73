import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, PracticeState } from '../../shared/contract.ts';
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
    /** A new run: the cluster of an earlier one is forgotten. */
    readonly fresh: boolean;
  }) => Promise<void>;
  readonly variable: (name: string) => { readonly value: string } | { readonly absent: string };
  readonly state: () => PracticeState;
  /** Returns the fault's label, for the timeline. */
  readonly setFault: (name: string, level: number) => Promise<string>;
  readonly deploy: (release: string) => Promise<void>;
  readonly close: () => Promise<void>;
};

/** `folder`: where the practice cluster is kept, so that a rehearsal outlives the app. */
export const practiceGround = (options: { readonly backing: boolean; readonly folder: string }): PracticeGround => {
  const clusterFile = join(options.folder, 'practice-cluster.json');
  let practice: Practice | null = null;
  let opening: Promise<void> = Promise.resolve();
  const running = async (): Promise<Practice> => {
    await opening.catch(() => undefined);
    if (practice === null) throw new WarRoomError('conflict', 'No practice run is open.');
    return practice;
  };
  /** The cluster's own faults; one that the service has too is switched there, and reaches the cluster from there. */
  const clusterFaults = ({ cluster, faults }: Practice): readonly Fault[] => {
    const own = new Set(faults().map(({ name }) => name));
    return (cluster?.faults() ?? []).filter(({ name }) => !own.has(name));
  };
  const switchFault = async (service: Practice, name: string, level: number): Promise<void> => {
    if (clusterFaults(service).some((fault) => fault.name === name)) await service.cluster?.setFault(name, level);
    else await service.setFault(name, level);
  };
  const bringUp = async ({ release, faults, fresh }: Parameters<PracticeGround['open']>[0]): Promise<void> => {
    if (fresh && practice === null) await rm(clusterFile, { force: true });
    const known = release === null ? {} : { release };
    practice ??= await startPractice({ backing: options.backing, clusterFile, ...known });
    for (const [fault, level] of faults) if (level > 0) await switchFault(practice, fault, level);
  };
  return {
    open: (state) => {
      opening = opening.catch(() => undefined).then(() => bringUp(state));
      return opening;
    },
    variable: (name) => practice?.variable(name) ?? { absent: 'The practice service is not running.' },
    state: () =>
      practice === null
        ? { running: false, faults: [], clusterFaults: [], parts: [], received: [] }
        : {
            running: true,
            faults: practice.faults(),
            clusterFaults: clusterFaults(practice),
            parts: practice.parts(),
            received: practice.received(),
          },
    setFault: async (name, level) => {
      const service = await running();
      const fault = [...service.faults(), ...clusterFaults(service)].find((candidate) => candidate.name === name);
      if (fault === undefined) throw new WarRoomError('not-found', `The practice service has no fault "${name}".`);
      await switchFault(service, name, level);
      return fault.label;
    },
    deploy: async (release) => (await running()).deploy(release),
    close: async () => {
      await opening.catch(() => undefined);
      const open = practice;
      practice = null;
      await open?.close();
    },
  };
};
