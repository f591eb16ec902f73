import { ORPCError } from '@orpc/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Client, HealthTick, RunContext } from '../shared/contract.ts';
import type { RecordedEvent, RunId } from '../shared/events.ts';
import { parseRunbook } from '../shared/runbook/parse.ts';
import { targetSchema } from '../shared/target/schema.ts';
import type { Connection, LinkState } from './client.ts';
import { openRun } from './run-store.ts';
import { createStore } from './store.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const runId = 'run' as RunId;
const context: RunContext = {
  runId,
  runbook: parseRunbook('# Release\n\n## Phase 1: Before\n- [ ] One\n- [ ] Two\n'),
  runbookName: 'release.md',
  runbookSha256: '0'.repeat(64),
  target: targetSchema.parse({ version: 1, service: 'api', environment: 'staging' }),
  bindings: [],
  unbound: [],
  problems: [],
};

const noteAt = (seq: number): RecordedEvent => ({
  type: 'item-noted',
  body: { item: null, text: `note ${seq}` },
  seq,
  at: seq * 1_000,
  runId,
  by: { kind: 'app' },
  prevHash: '',
  hash: '',
});

const live: LinkState = {
  kind: 'live',
  hello: {
    version: '1',
    grant: 'operate',
    operator: { name: 'Ana', role: null },
    via: 'desk',
    namesake: null,
    now: 0,
    platform: 'linux',
  },
};

/** The other end: a log that grows, streams that hold until they are cut, and what was asked of it. */
const app = (
  log: RecordedEvent[],
  refusal: ORPCError<string, unknown> | null = null,
  contextNow: () => RunContext = () => context,
) => {
  const asked: number[] = [];
  const cuts = new Set<() => void>();
  const held = (signal?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => {
      const cut = (): void => reject(new Error('the connection was lost'));
      cuts.add(cut);
      signal?.addEventListener('abort', cut);
    });
  async function* follow({ after }: { readonly after: number }, options?: { readonly signal?: AbortSignal }) {
    asked.push(after);
    yield log.filter(({ seq }) => seq > after);
    await held(options?.signal);
  }
  async function* metrics(_: unknown, options?: { readonly signal?: AbortSignal }): AsyncGenerator<HealthTick> {
    yield { at: 1, probes: [], metrics: [], points: {} };
    await held(options?.signal);
  }
  const client = {
    run: {
      context: () => (refusal === null ? Promise.resolve(contextNow()) : Promise.reject(refusal)),
      follow: (input: { readonly after: number }, options?: { readonly signal?: AbortSignal }) =>
        Promise.resolve(follow(input, options)),
    },
    metrics: {
      follow: (input: unknown, options?: { readonly signal?: AbortSignal }) => Promise.resolve(metrics(input, options)),
    },
  } as unknown as Client;
  const state = createStore<LinkState>({ kind: 'connecting' });
  const connection: Connection = { client, state, start: () => {}, greeted: () => {}, retry: () => {} };
  const cut = (): void => {
    for (const each of cuts) each();
    cuts.clear();
  };
  return { connection, state, asked, cut };
};

const settle = (): Promise<unknown> => vi.advanceTimersByTimeAsync(10);

test('a window that lost the connection goes on after the last event it folded, without a gap or a repeat', async () => {
  const log = [1, 2, 3].map(noteAt);
  const { connection, state, asked, cut } = app(log);
  const run = openRun(connection, runId);
  expect(run.state.get().kind).toBe('loading');
  state.set(live);
  await settle();
  state.set({ kind: 'lost', since: 0, hello: null });
  cut();
  log.push(...[4, 5].map(noteAt));
  await settle();
  state.set(live);
  await settle();
  const opened = run.state.get();
  expect(asked).toEqual([0, 3]);
  expect(opened.kind === 'open' ? opened.view.timeline.map(({ seq }) => seq) : []).toEqual([1, 2, 3, 4, 5]);
  run.close();
});

test('a stream that breaks under a live connection is taken up again', async () => {
  const log = [noteAt(1)];
  const { connection, state, asked, cut } = app(log);
  const run = openRun(connection, runId);
  state.set(live);
  await settle();
  cut();
  log.push(noteAt(2));
  await vi.advanceTimersByTimeAsync(1_500);
  const opened = run.state.get();
  expect(asked).toEqual([0, 1]);
  expect(opened.kind === 'open' ? opened.view.room.lastSeq : 0).toBe(2);
  run.close();
  cut();
  await vi.advanceTimersByTimeAsync(5_000);
  expect(asked).toHaveLength(2);
});

test('a run that is not there says so in the sentence of the app', async () => {
  const { connection, state } = app([], new ORPCError('NOT_FOUND', { message: 'There is no run "run".' }));
  const run = openRun(connection, runId);
  state.set(live);
  await settle();
  expect(run.state.get()).toEqual({ kind: 'failed', sentence: 'There is no run "run".' });
  run.close();
});

test('a run that was moved to another version is folded over that one, and keeps its health meanwhile', async () => {
  const log: RecordedEvent[] = [noteAt(1)];
  let now = context;
  const { connection, state, asked, cut } = app(log, null, () => now);
  const run = openRun(connection, runId);
  state.set(live);
  await settle();
  const document = { name: 'release.md', sha256: '1'.repeat(64) };
  log.push({
    ...noteAt(2),
    type: 'runbook-moved',
    body: {
      ...{ from: document, to: document, title: 'Release', items: 1, reason: 'One step was missing.' },
      ...{ resetFrom: null, reset: [], fields: [], gates: [], phases: [], lost: [], dropped: [] },
      counts: { kept: 1, reworded: 0, added: 0, removed: 1 },
    },
  });
  now = {
    ...context,
    runbook: parseRunbook('# Release\n\n## Phase 1: Before\n- [ ] One\n'),
    moved: { seq: 2, former: [] },
  };
  cut();
  await vi.advanceTimersByTimeAsync(3_000);
  const opened = run.state.get();
  if (opened.kind !== 'open') throw new Error('the run is not open');
  expect(opened.view.checklist.items).toHaveLength(1);
  expect(opened.view.timeline.map(({ seq }) => seq)).toEqual([1, 2]);
  expect(opened.view.healthAt).toBe(1);
  expect(asked.at(-1)).toBe(2);
  run.close();
});
