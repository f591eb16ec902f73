import type { IncomingMessage } from 'node:http';
import type { PracticeState } from '../../shared/contract.ts';
import type { FaultBoard } from './faults.ts';
import type { Journal } from './journal.ts';
import type { PastTraffic } from './past.ts';
import type { Release } from './release.ts';
import type { Traffic } from './traffic.ts';

/** What the endpoints answer from. */
export type World = {
  readonly faults: FaultBoard;
  readonly traffic: Traffic;
  readonly past: PastTraffic;
  readonly release: Release;
  readonly journal: Journal;
  readonly parts: () => PracticeState['parts'];
  readonly startedAt: number;
  readonly now: () => number;
  readonly deploy: (version: string) => void;
  /** Tokens handed out, and small uploads by key; both forget the oldest. */
  readonly tokens: Set<string>;
  readonly uploads: Map<string, string>;
};

export type Ask = {
  readonly request: IncomingMessage;
  readonly url: URL;
  readonly body: string;
  readonly rest: string;
};
export type Reply = { readonly status: number; readonly type?: string; readonly body: unknown };

/**
 * How a route feels the faults: `health` checks break by the health faults, the `product` slows down and fails with the
 * error rate, `data` besides needs the database, and what watches from `outside` always answers.
 */
export type Feels = 'health' | 'product' | 'data' | 'outside';
export type Route = { readonly feels: Feels; readonly answer: (world: World, ask: Ask) => Reply };

export const json = (body: unknown, status = 200): Reply => ({ status, body });
