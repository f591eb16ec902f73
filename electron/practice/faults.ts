import type { Fault } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';

/** Every fault a person can switch on, with what they will see. */
const known = {
  latency: ['Slow answers', 'Every answer takes 2.4 times as long, as after a missing index.'],
  errors: ['Error rate', '3 % of all requests fail with status 500.'],
  down: ['Health down', 'The health and ready checks answer 503, and one request in five fails.'],
  database: [
    'Database gone',
    'The database refuses connections: logins and messages fail, and the detailed health says so.',
  ],
  redis: ['Redis gone', 'The cache refuses connections: the service falls back to the database and slows down.'],
  drip: ['Slow drip', 'The health check starts to answer and then sends a byte now and then, without ever ending.'],
  'wrong-status': ['Wrong page', 'The health check answers 404 with a web page, as from a proxy that lost its route.'],
  certificate: ['Expired certificate', 'The TLS listener shows a certificate that ended yesterday.'],
  pods: ['Pods crash', 'Pods of the running release crash and start again, and 5 % of all requests fail.'],
  memory: [
    'Memory leak',
    'Memory grows by about 1 % of the machine every two seconds until the service is killed and starts again.',
  ],
} as const satisfies Record<string, readonly [label: string, sentence: string]>;

export type FaultName = keyof typeof known;
export const faultNames = Object.keys(known) as readonly FaultName[];

type FaultListener = (name: FaultName, level: number) => Promise<void> | void;

export type FaultBoard = {
  /** 0 (off) to 1 (full). */
  readonly level: (name: FaultName) => number;
  /**
   * Resolves when everything that listens has followed. Rejects with WarRoomError 'not-found' for a name that is not on
   * the board and 'bad-input' for a level outside 0 to 1.
   */
  readonly set: (name: string, level: boolean | number) => Promise<void>;
  readonly list: () => readonly Fault[];
  /** Calls back with each change; what breaks real processes listens here. */
  readonly onChange: (listener: FaultListener) => void;
};

const isFault = (name: string): name is FaultName => Object.hasOwn(known, name);

export const createFaultBoard = (): FaultBoard => {
  const levels = new Map<FaultName, number>();
  const listeners: FaultListener[] = [];
  const level = (name: FaultName): number => levels.get(name) ?? 0;
  return {
    level,
    set: async (name, wanted) => {
      if (!isFault(name))
        throw new WarRoomError(
          'not-found',
          `The practice service knows no fault "${name}". Choose one of: ${faultNames.join(', ')}.`,
        );
      const next = Number(wanted);
      if (!(next >= 0 && next <= 1))
        throw new WarRoomError('bad-input', `The level of a fault lies between 0 and 1; ${wanted} does not.`);
      if (next === level(name)) return;
      levels.set(name, next);
      await Promise.all(listeners.map((listener) => listener(name, next)));
    },
    list: () =>
      faultNames.map((name) => ({ name, label: known[name][0], sentence: known[name][1], level: level(name) })),
    onChange: (listener) => void listeners.push(listener),
  };
};
