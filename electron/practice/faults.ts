import type { Fault } from '../../shared/contract.ts';
import { WarRoomError } from '../../shared/errors.ts';

/** Faults by name, each with its label and what a person will see. */
export type FaultTable<Name extends string> = Readonly<Record<Name, readonly [label: string, sentence: string]>>;

/** Every fault of the practice service. */
export const serviceFaults = {
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
  numbers: [
    'Numbers gone',
    'The service works, but what counts its requests answers 503: error rate and latency cannot be judged any more.',
  ],
  pods: ['Pods crash', 'Pods of the running release crash and start again, and 5 % of all requests fail.'],
  memory: [
    'Memory leak',
    'Memory grows by about 1 % of the machine every two seconds until the service is killed and starts again.',
  ],
} as const satisfies FaultTable<string>;

export type FaultName = keyof typeof serviceFaults;

type FaultListener<Name> = (name: Name, level: number) => Promise<void> | void;

export type FaultBoard<Name extends string = FaultName> = {
  /** 0 (off) to 1 (full). */
  readonly level: (name: Name) => number;
  /**
   * Resolves when everything that listens has followed. Rejects with WarRoomError 'not-found' for a name that is not on
   * the board and 'bad-input' for a level outside 0 to 1.
   */
  readonly set: (name: string, level: boolean | number) => Promise<void>;
  readonly list: () => readonly Fault[];
  /** Calls back with each change; what breaks real processes listens here. */
  readonly onChange: (listener: FaultListener<Name>) => void;
};

export const createFaultBoard = <Name extends string>(known: FaultTable<Name>): FaultBoard<Name> => {
  const names = Object.keys(known) as Name[];
  const levels = new Map<Name, number>();
  const listeners: FaultListener<Name>[] = [];
  const level = (name: Name): number => levels.get(name) ?? 0;
  return {
    level,
    set: async (wantedName, wanted) => {
      const name = names.find((one) => one === wantedName);
      if (name === undefined)
        throw new WarRoomError(
          'not-found',
          `Practice knows no fault "${wantedName}". Choose one of: ${names.join(', ')}.`,
        );
      const next = Number(wanted);
      if (!(next >= 0 && next <= 1))
        throw new WarRoomError('bad-input', `The level of a fault lies between 0 and 1; ${wanted} does not.`);
      if (next === level(name)) return;
      levels.set(name, next);
      await Promise.all(listeners.map(async (listener) => listener(name, next)));
    },
    list: () => names.map((name) => ({ name, label: known[name][0], sentence: known[name][1], level: level(name) })),
    onChange: (listener) => void listeners.push(listener),
  };
};
