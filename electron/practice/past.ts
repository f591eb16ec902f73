import { setImmediate as breath } from 'node:timers/promises';
import type { Journal, Said } from './journal.ts';
import { createTraffic } from './traffic.ts';
import type { Conditions, Counters, Gauges, Traffic } from './traffic.ts';

/** One look at the numbers, as the service keeps it. */
type Row = { readonly at: number } & Readonly<Counters & Gauges>;

/** What the service knows of its own past: the hour before it came up, and all since. */
export type PastTraffic = {
  readonly traffic: Traffic;
  /** Keeps the numbers as they stand, once in a step. */
  readonly keep: (now: number) => void;
  readonly between: (from: number, to: number) => readonly Row[];
};

const hour = 3_600_000;
const stepMs = 10_000;
const kept = (2 * hour) / stepMs;
const calm: Conditions = { fault: () => 0, served: true, warmUp: 0 };

/** What the application says in its log of the traffic since it was asked last. */
export const createTeller = ({ counters }: Traffic) => {
  let { requests, logErrors } = counters;
  return (database: 'answers' | 'refuses'): readonly Omit<Said, 'at'>[] => {
    const [served, failed] = [counters.requests - requests, counters.logErrors - logErrors];
    ({ requests, logErrors } = counters);
    const why = database === 'refuses' ? ': the database refuses connections' : '';
    return [
      { level: 'info', message: `Served ${served} requests` },
      ...(failed > 0 ? [{ level: 'error' as const, message: `${failed} requests failed${why}` }] : []),
    ];
  };
};

/**
 * Users came before anybody looked: the hour before is lived through at once, in slices that hold up nobody, so that a
 * rehearsal has what a real service has, numbers and a log from before the deployment.
 */
export const liveThrough = async (seed: number, until: number, journal: Journal): Promise<PastTraffic> => {
  const from = until - hour;
  const traffic = createTraffic(seed, from);
  let rows: Row[] = [];
  const keep = (now: number): void => {
    if (now - (rows.at(-1)?.at ?? 0) < stepMs) return;
    rows.push({ at: now, ...traffic.counters, ...traffic.gauges });
    if (rows.length > kept) rows = rows.slice(-kept / 2);
  };
  const tell = createTeller(traffic);
  const said: Said[] = [];
  for (let at = from + stepMs; at <= until; at += stepMs) {
    traffic.advance(at, calm);
    keep(at);
    said.push(...tell('answers').map((line) => ({ at, ...line })));
    if ((at - from) % (12 * stepMs) === 0) await breath();
  }
  journal.recall(said);
  return { traffic, keep, between: (first, last) => rows.filter(({ at }) => at >= first && at <= last) };
};
