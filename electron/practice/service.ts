import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import { join } from 'node:path';
import type { Fault, PracticeState } from '../../shared/contract.ts';
import type { Log } from '../log.ts';
import { createAnswer } from './answer.ts';
import { startBacking, type Backing } from './backing.ts';
import { createCertificates } from './certificates.ts';
import { createFaultBoard, type FaultBoard, type FaultName } from './faults.ts';
import { createJournal, type Journal } from './journal.ts';
import { listen } from './listen.ts';
import { startNames } from './names.ts';
import { createRelease, type Release } from './release.ts';
import { echoOn } from './sockets.ts';
import { createTraffic, type Counters, type Gauges, type Traffic } from './traffic.ts';
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
  readonly numbers: () => Readonly<Counters & Gauges>;
  readonly close: () => Promise<void>;
};

const startTraffic = (traffic: Traffic, faults: FaultBoard, release: Release, journal: Journal): (() => void) => {
  let errors = 0;
  const timer = setInterval(() => {
    traffic.advance(Date.now(), { fault: faults.level, warmUp: release.warmUp() });
    const fresh = traffic.counters.logErrors - errors;
    errors = traffic.counters.logErrors;
    journal.write('info', `Served ${Math.round(traffic.gauges.requestRate)} requests`);
    if (fresh > 0)
      journal.write(
        'error',
        `${fresh} requests failed${faults.level('database') > 0 ? ': the database refuses connections' : ''}`,
      );
  }, 1_000);
  return () => clearInterval(timer);
};

type Listeners = {
  readonly httpPort: number;
  readonly tlsPort: number;
  readonly dnsPort: number;
  readonly ca: string;
  readonly close: () => Promise<void>;
};

const closeServer = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.close(() => done());
    server.closeAllConnections();
  });

const startListeners = async (
  world: World,
  { seed, port, log }: { seed: number; port: number; log: Log | undefined },
): Promise<Listeners> => {
  const answer = createAnswer(world, seed + 1);
  const handle = (request: IncomingMessage, response: ServerResponse): void => {
    void answer(request, response).catch((cause: unknown) => {
      // A client that goes away while it still sends is the usual cause; either way nobody waits for an answer any more.
      if (!request.destroyed) log?.error('The practice service failed to answer', cause);
      response.destroy();
    });
  };
  const plain = createServer(handle);
  const certificates = await createCertificates();
  const secure = createSecureServer(
    certificates.good,
    (request, response) => void answer(request, response).catch(() => response.destroy()),
  );
  // A scanner that speaks no TLS, or goes away in the handshake, is no event of ours.
  secure.on('tlsClientError', (_, socket) => socket.destroy());
  const stopEcho = echoOn([plain, secure], world.faults);
  const names = await startNames();
  world.faults.onChange((name, level) => {
    if (name !== 'certificate') return;
    secure.setSecureContext(level > 0 ? certificates.expired : certificates.good);
    secure.closeAllConnections();
  });
  const close = async (): Promise<void> => {
    stopEcho();
    await Promise.all([closeServer(plain), closeServer(secure), names.close()]);
  };
  return {
    httpPort: await listen(plain, port),
    tlsPort: await listen(secure),
    dnsPort: names.port,
    ca: certificates.ca,
    close,
  };
};

const variablesOf = ({ httpPort, tlsPort, dnsPort, ca }: Listeners): Record<string, string> => ({
  'practice.http': `http://127.0.0.1:${httpPort}`,
  'practice.ws': `ws://127.0.0.1:${httpPort}`,
  'practice.https': `https://127.0.0.1:${tlsPort}`,
  'practice.wss': `wss://127.0.0.1:${tlsPort}`,
  'practice.tls': `127.0.0.1:${tlsPort}`,
  'practice.dns': `127.0.0.1:${dnsPort}`,
  'practice.ca': ca,
});

/** A deployment without a cluster: the new version answers after a while, all at once. */
const rollOut = (
  release: Release,
  rolloutMs: number,
): { readonly start: (version: string) => void; readonly stop: () => void } => {
  let timer: NodeJS.Timeout | undefined;
  return {
    start: (version) => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        release.serve(version, 3);
        release.finish();
      }, rolloutMs);
    },
    stop: () => clearTimeout(timer),
  };
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
  return { absent: `The practice service has no value "${name}".` };
};

/** Starts the service to rehearse on. Resolves as soon as its listeners answer; real servers behind it follow when they can. */
export const startPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { log, seed = 42, release: first = '2.3.0', rolloutMs = 6_000, port = 0 } = options;
  const now = Date.now;
  const startedAt = now();
  const faults = createFaultBoard();
  const backing = options.backing === false ? null : await startBacking();
  if (backing !== null) breakForReal(faults, backing);
  const logFile = backing === null ? null : join(backing.folder, 'application.log');
  const journal = createJournal(logFile, now);
  const release = createRelease(first, { faults, journal, now });
  const traffic = createTraffic(seed, startedAt);
  const rollout = rollOut(release, rolloutMs);
  const parts = (): PracticeState['parts'] => backing?.parts() ?? [];
  const deploy: Practice['deploy'] = (wanted, breaks) => {
    release.want(wanted, breaks ?? null);
    rollout.start(wanted);
  };
  const world: World = {
    faults,
    traffic,
    release,
    journal,
    parts,
    startedAt,
    now,
    deploy,
    tokens: new Set(),
    uploads: new Map(),
  };
  const listeners = await startListeners(world, { seed, port, log });
  const fixed = { ...variablesOf(listeners), ...(logFile === null ? {} : { 'practice.log': logFile }) };
  const stopTraffic = startTraffic(traffic, faults, release, journal);
  return {
    variable: (name) => findVariable(name, fixed, backing),
    faults: faults.list,
    parts,
    setFault: faults.set,
    deploy,
    version: release.version,
    numbers: () => ({ ...traffic.counters, ...traffic.gauges }),
    close: async () => {
      stopTraffic();
      rollout.stop();
      await listeners.close();
      await journal.settled();
      await backing?.close();
    },
  };
};
