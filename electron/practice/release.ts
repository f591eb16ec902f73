import type { FaultBoard, FaultName } from './faults.ts';
import type { Journal } from './journal.ts';

export type DeployState = 'idle' | 'rolling' | 'done';

/** Which version answers. Something else (a timer, or the practice cluster) moves the pods and says so through `serve`. */
export type Release = {
  readonly version: () => string;
  readonly readyPods: () => number;
  readonly deploy: () => { readonly state: DeployState; readonly wanted: string };
  /** 1 right after another version began to answer, fading to 0 within a minute. */
  readonly warmUp: () => number;
  /** `breaks` is a fault that this version brings along: it comes and goes with it, so that rolling back heals. */
  readonly want: (version: string, breaks: FaultName | null) => void;
  readonly serve: (version: string, readyPods: number) => void;
  /** All pods of the wanted version are up, and those of the old one gone. */
  readonly finish: () => void;
};

const warmUpMs = 60_000;

export const createRelease = (
  first: string,
  { faults, journal, now }: { readonly faults: FaultBoard; readonly journal: Journal; readonly now: () => number },
): Release => {
  let serving = first;
  let pods = 3;
  let wanted = first;
  let state: DeployState = 'idle';
  let changedAt = -Infinity;
  const broken = new Map<string, FaultName>();

  const change = (version: string): void => {
    const before = broken.get(serving);
    const after = broken.get(version);
    journal.write('info', `Version ${version} answers now instead of ${serving}`);
    serving = version;
    changedAt = now();
    if (before !== undefined && before !== after) void faults.set(before, false);
    if (after !== undefined) void faults.set(after, true);
  };

  return {
    version: () => serving,
    readyPods: () => pods,
    deploy: () => ({ state, wanted }),
    warmUp: () => Math.max(0, 1 - (now() - changedAt) / warmUpMs),
    want: (version, breaks) => {
      wanted = version;
      state = 'rolling';
      if (breaks === null) broken.delete(version);
      else broken.set(version, breaks);
      journal.write('info', `Deployment of version ${version} started`);
    },
    serve: (version, readyPods) => {
      pods = readyPods;
      if (version !== serving && readyPods > 0) change(version);
    },
    finish: () => {
      if (state !== 'rolling') return;
      state = 'done';
      journal.write('info', `Deployment of version ${wanted} finished: ${pods} pods ready`);
    },
  };
};
