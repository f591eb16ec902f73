import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Fault, PracticeState } from '../../shared/contract.ts';
import type { Received } from '../../shared/notices/contract.ts';
import type { Log } from '../log.ts';
import { startBacking, type Backing } from './backing.ts';
import { createCertificates, type Certificates } from './certificates.ts';
import { createFaultBoard, serviceFaults, type FaultBoard, type FaultName } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { clusterMemory } from './cluster/memory.ts';
import { startKubernetes, type PracticeCluster } from './kubernetes.ts';
import { startListeners } from './listeners.ts';
import { startReceiver } from './receive.ts';
import { createTeller, liveThrough, type PastTraffic } from './past.ts';
import { createRelease, type Release } from './release.ts';
import type { Counters, Gauges } from './traffic.ts';
import type { World } from './world.ts';

export type PracticeOptions = {
  /** Where the service says what went wrong inside it. */
  readonly log?: Log;
  /** The same seed gives the same made-up traffic. */
  readonly seed?: number;
  /** The version that answers at first. */
  readonly release?: string;
  /** From the start of a deployment to the new version answering. */
  readonly rolloutMs?: number;
  /** The port of the HTTP listener; a free one by default. */
  readonly port?: number;
  /** Whether to bring up a real database and cache where this machine has them. */
  readonly backing?: boolean;
  /** The file that keeps the cluster beyond this process; without it every start makes a new one. */
  readonly clusterFile?: string;
  /** Whether to bring up the small Kubernetes API. */
  readonly cluster?: boolean;
};

/** A running practice service: all of it on this machine, on free ports, gone with `close`. */
export type Practice = {
  /** What a target's "${practice.http}" and its kind stand for, or why a part has no value in this run (yet). */
  readonly variable: (name: string) => { readonly value: string } | { readonly absent: string };
  readonly faults: () => readonly Fault[];
  readonly parts: () => PracticeState['parts'];
  /** Resolves when the fault is in effect. Rejects with WarRoomError for a fault it does not know. */
  readonly setFault: (name: string, level: boolean | number) => Promise<void>;
  /** Rolls a version out; `breaks` is a fault this version brings along, gone again when another version answers. */
  readonly deploy: (version: string, breaks?: FaultName) => void;
  readonly version: () => string;
  /** The small Kubernetes API, with faults of its own; null where it was not wanted. */
  readonly cluster: PracticeCluster | null;
  /** The notices that arrived, oldest first. */
  readonly received: () => readonly Received[];
  readonly numbers: () => Readonly<Counters & Gauges>;
  readonly close: () => Promise<void>;
};

const startTraffic = (
  { traffic, keep }: PastTraffic,
  faults: FaultBoard,
  release: Release,
  journal: Journal,
): (() => void) => {
  const tell = createTeller(traffic);
  const timer = setInterval(() => {
    traffic.advance(Date.now(), { fault: faults.level, served: release.readyPods() > 0, warmUp: release.warmUp() });
    keep(Date.now());
    for (const { level, message } of tell(faults.level('database') > 0 ? 'refuses' : 'answers'))
      journal.write(level, message);
  }, 1_000);
  return () => clearInterval(timer);
};

/** What moves pods when a version is to be rolled out. */
type Mover = {
  readonly deploy: (version: string) => void;
  readonly cluster: PracticeCluster | null;
  readonly close: () => Promise<void>;
};

/** A deployment without a cluster: the new version answers after a while, all at once. */
const plainMover = (release: Release, rolloutMs: number): Mover => {
  let timer: NodeJS.Timeout | undefined;
  return {
    cluster: null,
    deploy: (version) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        release.serve(version, 3);
        release.finish();
      }, rolloutMs);
    },
    close: async () => clearTimeout(timer),
  };
};

type Ground = { readonly release: Release; readonly faults: FaultBoard; readonly journal: Journal };

/** The pods of the practice cluster: whichever version the Service leads to, answers. */
const clusterMover = async (
  { release, faults, journal }: Ground,
  {
    certificates,
    seed,
    rolloutMs,
    file,
  }: {
    readonly certificates: Certificates;
    readonly seed: number;
    readonly rolloutMs: number;
    readonly file: string | undefined;
  },
): Promise<Mover> => {
  const cluster = await startKubernetes({
    certificates,
    seed,
    version: release.version(),
    startMs: rolloutMs / 4,
    ...(file === undefined ? {} : { memory: clusterMemory(file) }),
    logOf: () => journal.tail(0).lines.map((line) => JSON.stringify(line)),
    onServing: ({ version, readyPods, settled }) => {
      release.serve(version ?? release.version(), readyPods);
      if (settled && version === release.deploy().wanted) release.finish();
    },
  });
  faults.onChange((name, level) => (name === 'pods' ? cluster.setFault('pods', level) : undefined));
  return { cluster, deploy: cluster.deploy, close: cluster.close };
};

/** The faults that break a real server do so here. */
const breakForReal = (faults: FaultBoard, backing: Backing): void => {
  faults.onChange((name, level) => {
    const part = name === 'database' ? 'postgres' : name === 'redis' ? 'redis' : null;
    if (part !== null) return backing.want(part, level > 0 ? 'stopped' : 'running');
  });
};

const findVariable = (
  name: string,
  fixed: Readonly<Record<string, string>>,
  backing: Backing | null,
): ReturnType<Practice['variable']> => {
  const value = Object.hasOwn(fixed, name) ? fixed[name] : undefined;
  if (value !== undefined) return { value };
  const part = name === 'practice.postgres' ? 'postgres' : name === 'practice.redis' ? 'redis' : null;
  if (part !== null)
    return backing?.url(part) ?? { absent: 'This practice run was started without real servers behind it.' };
  return { absent: `The practice service has no value "${name}" in this run.` };
};

/** The files of a practice run, in the folder that goes with its keeper: the log, and the kubeconfig once there is one. */
const filesIn = (folder: string) => ({ log: join(folder, 'application.log'), kubeconfig: join(folder, 'kubeconfig') });

const kubernetesPart = {
  name: 'Kubernetes',
  state: 'up',
  sentence: 'A small Kubernetes API runs on this machine.',
} as const;

const partsOf = (backing: Backing | null, { cluster }: Mover): PracticeState['parts'] => [
  ...(backing?.parts() ?? []),
  ...(cluster === null ? [] : [kubernetesPart]),
];

const fileVariables = (
  files: ReturnType<typeof filesIn> | null,
  { cluster }: Mover,
): Readonly<Record<string, string>> =>
  files === null
    ? {}
    : { 'practice.log': files.log, ...(cluster === null ? {} : { 'practice.kubeconfig': files.kubeconfig }) };

const nothingYet = (): Pick<World, 'tokens' | 'uploads'> => ({ tokens: new Set(), uploads: new Map() });

/** Starts the service to rehearse on. Resolves as soon as its listeners answer; real servers behind it follow when they can. */
export const startPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { log, seed = 42, release: first = '2.13.6', rolloutMs = 6_000, port = 0 } = options;
  const now = Date.now;
  const startedAt = now();
  const closing: (() => Promise<void> | void)[] = [];
  const close = async (): Promise<void> => {
    for (const end of closing.splice(0).reverse()) await end();
  };
  try {
    const withCluster = options.cluster !== false;
    const bare = options.backing === false;
    const backing = bare && !withCluster ? null : await startBacking(bare ? [] : undefined);
    if (backing !== null) closing.push(backing.close);
    const files = backing === null ? null : filesIn(backing.folder);
    const faults = createFaultBoard(serviceFaults);
    if (backing !== null) breakForReal(faults, backing);
    const journal = createJournal(files?.log ?? null, now);
    closing.push(journal.settled);
    const release = createRelease(first, { faults, journal, now });
    const past = await liveThrough(seed, startedAt, journal);
    const { traffic } = past;
    const certificates = await createCertificates();
    const ground = { release, faults, journal };
    const mover = withCluster
      ? await clusterMover(ground, { certificates, seed, rolloutMs, file: options.clusterFile })
      : plainMover(release, rolloutMs);
    closing.push(mover.close);
    if (files !== null && mover.cluster !== null)
      await writeFile(files.kubeconfig, mover.cluster.kubeconfig, { mode: 0o600 });
    const parts = (): PracticeState['parts'] => partsOf(backing, mover);
    const deploy: Practice['deploy'] = (wanted, breaks) => {
      release.want(wanted, breaks ?? null);
      mover.deploy(wanted);
    };
    const world: World = { ...ground, traffic, past, parts, startedAt, now, deploy, ...nothingYet() };
    const listeners = await startListeners(world, { certificates, seed, port, log });
    closing.push(listeners.close, startTraffic(past, faults, release, journal));
    const receiver = await startReceiver();
    closing.push(receiver.close);
    const fixed = { ...listeners.variables, ...receiver.variables, ...fileVariables(files, mover) };
    return {
      variable: (name) => findVariable(name, fixed, backing),
      faults: faults.list,
      parts,
      setFault: faults.set,
      deploy,
      version: release.version,
      cluster: mover.cluster,
      received: receiver.received,
      numbers: () => ({ ...traffic.counters, ...traffic.gauges }),
      close,
    };
  } catch (cause) {
    await close();
    throw cause;
  }
};
