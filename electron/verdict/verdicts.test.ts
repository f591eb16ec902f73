import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Actor, RunId } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { verdictsProjection } from '../../shared/projections/verdicts.ts';
import { parseTarget } from '../../shared/target/parse.ts';
import { openDatabase } from '../store/database.ts';
import { openTexts } from '../store/documents.ts';
import { openEventLog } from '../store/event-log.ts';
import { openSamples } from '../store/samples.ts';
import { openVerdicts } from './verdicts.ts';

const quiet = { info: () => undefined, error: () => undefined };
const start = Date.UTC(2027, 0, 5, 12);
const ada: Actor = { kind: 'person', name: 'Ada', role: 'on-call', via: 'desk' };
const runId = 'run' as RunId;

const { target } = parseTarget(`version: 1
service: api
environment: staging
warmUp: 1m
probes:
  numbers: { kind: http, label: Numbers }
metrics:
  latency: { label: Latency p95, unit: ms, probe: numbers, series: p95, target: "< 500", alert: "> 1000" }
  errors: { label: Error rate, unit: "%", probe: numbers, series: requests, of: errors, aggregate: ratio, scale: 100, target: "< 0.1", alert: "> 1", critical: true }
  idle: { label: Idle, probe: numbers, series: nothing }
`);

describe('the verdict of a run', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0).reverse()) close();
  });

  const open = () => {
    if (target === null) throw new Error('the target of this test does not parse');
    const dataDir = mkdtempSync(join(tmpdir(), 'war-room-verdict-'));
    closing.push(() => rmSync(dataDir, { recursive: true, force: true }));
    const database = openDatabase(dataDir);
    closing.push(() => database.close());
    let now = start;
    let t0: number | null = null;
    const clock = { now: () => now, monotonic: () => now };
    const log = openEventLog(database, clock, quiet);
    const samples = openSamples(database);
    const state = () => fold(verdictsProjection, {}, log.read(runId, 0));
    const verdicts = openVerdicts({
      runId,
      target,
      clock,
      samples,
      texts: openTexts(database),
      append: (by, events) => log.append(runId, by, events),
      state,
      t0: () => t0,
      version: () => '2.13.6',
      bindings: [],
      fields: new Map(),
    });
    let requests = 0;
    let errors = 0;
    /** Lets time pass with a sample every 5 s at this latency, 100 requests each, and one error in so many requests. */
    const live = (minutes: number, latency: number, oneIn: number): void => {
      for (let at = 0; at < minutes * 12; at += 1) {
        now += 5_000;
        requests += 100;
        if (oneIn > 0 && requests % oneIn < 100) errors += 1;
        // A spread that repeats, so that the test is the same every time.
        const value = latency * (1 + ((at * 7) % 11) / 100);
        samples.write(runId, [
          { series: 'numbers/p95', at: now, value },
          { series: 'numbers/requests', at: now, value: requests },
          { series: 'numbers/errors', at: now, value: errors },
        ]);
      }
    };
    return { verdicts, state, live, goLive: () => (t0 = now) };
  };
  const stateOf = (judged: { metrics: readonly { metric: string; state: string }[] }, id: string) =>
    judged.metrics.find(({ metric }) => metric === id)?.state;

  it('says nothing of after while there is no after', async () => {
    const { verdicts } = open();
    await expect(verdicts.look(null)).rejects.toThrow(/T-0 is not set/);
  });

  it('freezes what was there, and warns of what was not', () => {
    const room = open();
    room.live(60, 300, 5_000);
    room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    const [taken] = room.state().baselines;
    const latency = taken?.metrics.find(({ metric }) => metric === 'latency');
    expect(latency?.n).toBe(720);
    expect(latency?.p50).toBeGreaterThan(300);
    expect(latency?.p95).toBeLessThanOrEqual(330);
    expect(taken?.metrics.find(({ metric }) => metric === 'errors')?.p50).toBeCloseTo(0.02, 2);
    expect(taken?.version).toBe('2.13.6');
    expect(taken?.warnings.join()).toContain('Idle: nothing was measured');
  });

  it('calls a doubled latency bad and a good service good, with the numbers in the sentence, and keeps the verdict', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(15, 1_300, 5_000);
    const bad = await room.verdicts.give(ada, null);
    expect(stateOf(bad, 'latency')).toBe('bad');
    expect(bad.metrics.find(({ metric }) => metric === 'latency')?.sentence).toMatch(/1,3\d\d|1,4\d\d/);
    expect(stateOf(bad, 'idle')).toBe('not-enough-data');
    expect(bad.recommendation).not.toBe('keep');
    expect(room.state().verdicts).toHaveLength(1);
    expect(bad.digest).toHaveLength(64);
    const looked = await room.verdicts.look(null);
    expect(looked.look).toBe(2);
    expect(room.state().verdicts).toHaveLength(1);
  });

  it('never recommends keeping on too little data, and compares with an earlier baseline when asked', async () => {
    const room = open();
    room.live(60, 1_300, 5_000);
    room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.live(60, 300, 5_000);
    room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(2, 300, 5_000);
    const early = await room.verdicts.look(null);
    expect(stateOf(early, 'errors')).toBe('not-enough-data');
    expect(early.recommendation).toBeNull();
    room.live(30, 300, 5_000);
    const [slow] = room.state().baselines;
    expect(stateOf(await room.verdicts.look(null), 'latency')).toBe('similar');
    expect(stateOf(await room.verdicts.look(slow?.seq ?? 0), 'latency')).toBe('better');
    await expect(room.verdicts.look(12_345)).rejects.toThrow(/no baseline/);
  });

  it('leaves the warm-up after T-0 out', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(1, 5_000, 5_000);
    room.live(20, 300, 5_000);
    expect(stateOf(await room.verdicts.look(null), 'latency')).toBe('similar');
  });
});
