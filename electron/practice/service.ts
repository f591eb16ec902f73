import { createServer, type Server } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { Fault, PracticeState } from '../../shared/contract.ts';
import { createAnswer } from './answer.ts';
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
  /** The same seed gives the same made-up traffic. */
  readonly seed?: number;
  /** The version that answers at first. */
  readonly version?: string;
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
  /** What a target's `${practice.…}` stands for; a part that is not up (yet) has no name here. */
  readonly variables: () => Readonly<Record<string, string>>;
  readonly faults: () => readonly Fault[];
  readonly parts: () => PracticeState['parts'];
  /** Throws WarRoomError for a fault it does not know. */
  readonly setFault: (name: string, level: boolean | number) => void;
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

const startListeners = async (world: World, seed: number, port: number): Promise<Listeners> => {
  const answer = createAnswer(world, seed + 1);
  const plain = createServer((request, response) => void answer(request, response).catch(() => response.destroy()));
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

/** Starts the service to rehearse on. Resolves as soon as its listeners answer. */
export const startPractice = async (options: PracticeOptions = {}): Promise<Practice> => {
  const { seed = 42, version = '2.3.0', rolloutMs = 6_000, port = 0 } = options;
  const now = Date.now;
  const faults = createFaultBoard();
  const journal = createJournal(null, now);
  const release = createRelease(version, { faults, journal, now });
  const traffic = createTraffic(seed, now());
  const rollout = rollOut(release, rolloutMs);
  const parts = (): PracticeState['parts'] => [];
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
    startedAt: now(),
    now,
    deploy,
    tokens: new Set(),
    uploads: new Map(),
  };
  const listeners = await startListeners(world, seed, port);
  const stopTraffic = startTraffic(traffic, faults, release, journal);
  return {
    variables: () => variablesOf(listeners),
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
    },
  };
};
