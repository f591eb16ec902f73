import { Buffer } from 'node:buffer';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import type { Actor, RunId } from '../../shared/events.ts';
import { fold } from '../../shared/projection.ts';
import { checklistProjection } from '../../shared/projections/checklist.ts';
import { verdictsProjection } from '../../shared/projections/verdicts.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import type { BoundItem } from '../../shared/target/bind.ts';
import { parseTarget } from '../../shared/target/parse.ts';
import { ProbeUnknown } from '../probes/probe.ts';
import type { Remembered } from '../probes/probe.ts';
import { fieldsByItem } from '../room/senses.ts';
import { openDatabase } from '../store/database.ts';
import { openTexts } from '../store/documents.ts';
import { openEventLog } from '../store/event-log.ts';
import { openPictures } from '../store/pictures.ts';
import { openSamples } from '../store/samples.ts';
import { openVerdicts } from './verdicts.ts';

/** One grey pixel. */
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAAAAAA6fptVAAAACklEQVR4nGNoAAAAggCBd81ytgAAAABJRU5ErkJggg==',
  'base64',
);

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
  shapes: { label: New shapes, probe: numbers, series: shapes, compared: false }
`);

const runbook = parseRunbook(`# Deploy
## Monitoring
- [ ] Latency improved? ☐ Yes ☐ No ☐ Similar
- [ ] Errors fine? ☐ Yes ☐ No
- [ ] Idle better? ☐ Yes ☐ No ☐ Similar
`);
const bindingOf = (at: number, metric: string): BoundItem => ({
  ...{ item: itemsOf(runbook)[at]!.id, by: 'assisted', probes: [], metrics: [metric], fields: {} },
  ...{ killer: false, two: false, observe: false, note: null, command: null },
});
const bindings = [bindingOf(0, 'latency'), bindingOf(1, 'errors'), bindingOf(2, 'idle')];
const newest = { baseline: null, week: false };

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
    const past: { rows: Remembered | null; refuses: string | null } = { rows: null, refuses: null };
    const muted = new Set<string>();
    const verdicts = openVerdicts({
      runId,
      target,
      clock,
      texts: openTexts(database),
      pictures: openPictures(database),
      own: (series, from, to) => samples.query(runId, series, from, to, 1_000_000),
      ask: async () => {
        if (past.refuses !== null) throw new ProbeUnknown('tool-down', past.refuses);
        return past.rows;
      },
      append: (by, events) => log.append(runId, by, events),
      state,
      checklist: () => fold(checklistProjection, { runbook, bindings }, log.read(runId, 0)),
      t0: () => t0,
      until: () => now,
      rounds: () => ({ due: 0, of: 0 }),
      isOpen: () => true,
      probes: () => [],
      muted: (metric) => muted.has(metric),
      version: () => '2.13.6',
      pins: async () => ({ pins: [{ label: 'Image of api', value: 'api:1@sha256:00' }], missing: [] }),
      bindings,
      fields: fieldsByItem(runbook),
    });
    let requests = 0;
    let errors = 0;
    /** Lets time pass with a sample every 5 s at this latency, 100 requests each, and one error in so many requests. */
    const live = (minutes: number, latency: number, oneIn: number): void => {
      const rows = [];
      for (let at = 0; at < minutes * 12; at += 1) {
        now += 5_000;
        requests += 100;
        if (oneIn > 0 && requests % oneIn < 100) errors += 1;
        // A spread that repeats, so that the test is the same every time.
        const value = latency * (1 + ((at * 7) % 11) / 100);
        rows.push(
          { series: 'numbers/p95', at: now, value },
          { series: 'numbers/requests', at: now, value: requests },
          { series: 'numbers/errors', at: now, value: errors },
        );
      }
      samples.write(runId, rows);
    };
    const read = () => log.read(runId, 0);
    return { verdicts, state, read, live, past, muted, now: () => now, goLive: () => (t0 = now) };
  };
  const stateOf = (judged: { metrics: readonly { metric: string; state: string }[] }, id: string) =>
    judged.metrics.find(({ metric }) => metric === id)?.state;

  it('says nothing of after while there is no after', async () => {
    const { verdicts } = open();
    await expect(verdicts.look(newest)).rejects.toThrow(/T-0 is not set/);
  });

  it('freezes what was there, and warns of what was not', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    const [taken] = room.state().baselines;
    const latency = taken?.metrics.find(({ metric }) => metric === 'latency');
    expect(latency?.n).toBe(720);
    expect(latency?.p50).toBeGreaterThan(300);
    expect(latency?.p95).toBeLessThanOrEqual(330);
    expect(taken?.metrics.find(({ metric }) => metric === 'errors')?.p50).toBeCloseTo(0.02, 2);
    expect(taken?.version).toBe('2.13.6');
    expect(taken?.warnings.join()).toContain('Idle: nothing was measured');
    expect(taken?.warnings.join()).not.toContain('New shapes');
  });

  it('calls a doubled latency bad and a good service good, with the numbers in the sentence, and keeps the verdict', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(15, 1_300, 5_000);
    const bad = await room.verdicts.give(ada, newest);
    expect(stateOf(bad, 'latency')).toBe('bad');
    expect(bad.metrics.find(({ metric }) => metric === 'latency')?.sentence).toMatch(/1,3\d\d|1,4\d\d/);
    expect(stateOf(bad, 'idle')).toBe('not-enough-data');
    expect(bad.recommendation).not.toBe('keep');
    expect(room.state().verdicts).toHaveLength(1);
    expect(bad.digest).toHaveLength(64);
    const looked = await room.verdicts.look(newest);
    expect(looked.look).toBe(2);
    expect(room.state().verdicts).toHaveLength(1);
  });

  it('never recommends keeping on too little data, and compares with an earlier baseline when asked', async () => {
    const room = open();
    room.live(60, 1_300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(2, 300, 5_000);
    const early = await room.verdicts.look(newest);
    expect(stateOf(early, 'errors')).toBe('not-enough-data');
    expect(early.recommendation).toBeNull();
    room.live(30, 300, 5_000);
    const [slow] = room.state().baselines;
    expect(stateOf(await room.verdicts.look(newest), 'latency')).toBe('similar');
    expect(stateOf(await room.verdicts.look({ baseline: slow?.seq ?? 0, week: false }), 'latency')).toBe('better');
    await expect(room.verdicts.look({ baseline: 12_345, week: false })).rejects.toThrow(/no baseline/);
  });

  it('takes what the source remembers of the time that this room did not watch, and the same hour a week before', async () => {
    const room = open();
    room.live(2, 300, 5_000);
    const rows = (hoursBack: number) =>
      Array.from({ length: 300 }, (_, at) => [room.now() - hoursBack * 3_600_000 - (300 - at) * 10_000, 300] as const);
    room.past.rows = { p95: rows(0) };
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.past.rows = { p95: rows(7 * 24) };
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    const [hour, week] = room.state().baselines;
    const n = (of: typeof hour) => of?.metrics.find(({ metric }) => metric === 'latency')?.n;
    expect(n(hour)).toBeGreaterThan(24 + 280);
    expect(hour?.remembered).toEqual(['Numbers']);
    expect(hour?.weekBefore).toBeNull();
    expect(n(week)).toBe(24);
    expect(week?.warnings.join()).toContain('it covers 2 minutes of the hour');
    expect(week?.weekBefore?.metrics.find(({ metric }) => metric === 'latency')?.p50).toBe(300);
    room.past.refuses = 'Prometheus itself fails (503).';
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    expect(room.state().baselines.at(-1)?.warnings.join()).toContain(
      'Numbers: what was before could not be had. Prometheus',
    );
    room.goLive();
    room.live(15, 600, 5_000);
    const last = await room.verdicts.look({ baseline: week!.seq, week: true });
    expect(last).toMatchObject({ week: true, baseline: week!.seq });
    expect(stateOf(last, 'latency')).toBe('worse');
    await expect(room.verdicts.look({ baseline: hour!.seq, week: true })).rejects.toThrow(/week before/);
  });

  it('pins what ran, and keeps one picture of the room by its hash', async () => {
    const room = open();
    room.live(2, 300, 5_000);
    const seq = await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    expect(room.state().baselines[0]?.pins).toEqual([{ label: 'Image of api', value: 'api:1@sha256:00' }]);
    const keep = (png: Buffer) => room.verdicts.keepPicture(ada, seq, png, 'page');
    for (const broken of [
      Buffer.from('GIF89a'),
      png.subarray(0, -1),
      Buffer.concat([png, Buffer.from('x')]),
      Buffer.from(png.with(40, png[40]! ^ 1)),
    ])
      expect(() => keep(broken)).toThrow(/no picture that can be kept/);
    keep(png);
    expect(room.state().pictures.get(seq)).toMatchObject({ width: 1, height: 1, bytes: png.length, source: 'page' });
    expect(room.verdicts.pictureOf(room.state().pictures.get(seq)!.sha256)).toEqual(png);
    expect(() => keep(png)).toThrow(/has its picture already/);
    expect(() => room.verdicts.keepPicture(ada, 4_711, png, 'page')).toThrow(/no baseline/);
    expect(() => room.verdicts.pictureOf('0'.repeat(64))).toThrow(/no such picture/);
  });

  it('answers the questions of the document with their numbers, and leaves what a person said', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(30, 300, 5_000);
    await room.verdicts.give(ada, newest, { id: 'moment:1', title: '15 minutes after T-0' });
    await room.verdicts.give(ada, newest);
    const filled = () => room.read().flatMap((event) => (event.type === 'field-filled' ? [event.body] : []));
    expect(filled().map(({ value, metric }) => [value, metric])).toEqual([
      ['Similar', 'verdict'],
      ['Yes', 'verdict'],
    ]);
    expect(room.state().verdicts[0]?.gate?.title).toBe('15 minutes after T-0');
    room.live(30, 900, 5_000);
    await room.verdicts.give(ada, newest);
    expect(filled().at(-1)?.value).toBe('No');
    const note = room.read().findLast((event) => event.type === 'item-noted');
    expect(note?.type === 'item-noted' && note.body.text).toMatch(
      /^No\. Say why: is it expected, or an issue\? Latency p95 worse: 900 ms, before 315 ms\. By the verdict [0-9a-f]{12}\.$/,
    );
  });

  it('shows a metric whose monitor is silenced, and does not judge it', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(15, 1_300, 5_000);
    room.muted.add('latency');
    expect(stateOf(await room.verdicts.look(newest), 'latency')).toBe('not-judged');
  });

  it('leaves the warm-up after T-0 out', async () => {
    const room = open();
    room.live(60, 300, 5_000);
    await room.verdicts.takeBaseline(ada, { automatic: false, incident: false });
    room.goLive();
    room.live(1, 5_000, 5_000);
    room.live(20, 300, 5_000);
    expect(stateOf(await room.verdicts.look(newest), 'latency')).toBe('similar');
  });
});
