import { monitorEventLoopDelay } from 'node:perf_hooks';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { createRouterClient } from '@orpc/server';
import axios from 'axios';
import type { Client } from '../../shared/contract.ts';
import { createEngine } from '../../electron/engine.ts';
import { systemClock } from '../../electron/clock.ts';
import { httpProbe } from '../../electron/probes/http.ts';
import { createScheduler } from '../../electron/scheduler/scheduler.ts';
import { createWatch } from '../../electron/scheduler/watch.ts';
import { targetSchema } from '../../shared/target/schema.ts';

/**
 * A child of the probes bench: asks a service at PORT as often as HOW says (COUNT checks every EVERY seconds), and
 * prints one line of JSON: its own CPU time for SECONDS after a warm-up, the checks made meanwhile, how late they started.
 */
const [how = '', port = '', countText = '200', secondsText = '15', everyText = '5'] = process.argv.slice(2);
const [count, seconds, everyMs] = [Number(countText), Number(secondsText), Number(everyText) * 1_000];
const warmUpMs = everyMs + 2_000;
const url = (at: number): string => `http://127.0.0.1:${port}/health?${at}`;
let asked = 0;
let lateP99 = 0;
/** How long each tick of a checklist item took to be acked, on disk, in ms. */
const acks: number[] = [];

/** What a team writes without a room: axios, one kept agent, one request after the other or in groups. */
const bare = (gridMs: number): void => {
  const agent = new http.Agent({ keepAlive: true });
  let next = 0;
  const begun = performance.now();
  setInterval(() => {
    const due = Math.floor(((performance.now() - begun) / everyMs) * count);
    for (; next < due; next++) {
      asked += 1;
      axios.get(url(next % count), { httpAgent: agent }).catch(() => {});
    }
  }, gridMs);
};

const target = () => ({
  version: 1,
  service: 'bench',
  environment: 'development',
  probes: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `health-${at}`,
      {
        kind: 'http',
        label: `Health ${at}`,
        every: `${everyText}s`,
        with: { url: url(at), expect: { status: 200, json: { '$.status': 'ok' } } },
      },
    ]),
  ),
  metrics: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `latency-${at}`,
      {
        label: `Latency ${at}`,
        unit: 'ms',
        probe: `health-${at}`,
        series: 'latencyMs',
        aggregate: 'p95',
        target: '< 500',
        alert: '> 1000',
        window: `${everyMs * 24}ms`,
      },
    ]),
  ),
});

/** The whole room, with one window that gets every tick as a message of its own. */
const room = async (dataDir: string): Promise<() => Promise<void>> => {
  const root = join(import.meta.dirname, '../..');
  const log = { info: () => {}, error: (message: string) => process.stderr.write(`${message}\n`) };
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks: join(root, 'shared/runbooks'), log });
  const operator = { name: 'Bench', role: null };
  const caller = { id: 'bench', grant: 'operate', via: 'desk', operator: () => operator, identify: () => {} } as const;
  const client: Client = createRouterClient(engine.router, { context: { caller, log } });
  const { runId } = await client.runs.start({
    runbook: {
      name: 'bench.md',
      text: readFileSync(join(root, 'shared/runbooks/production-deployment-checklist.md'), 'utf8'),
    },
    target: { name: 'bench.target.yaml', text: JSON.stringify(target()) },
    release: '1',
    plannedT0: null,
  });
  const window = new Worker("require('node:worker_threads').parentPort.on('message', () => {})", { eval: true });
  void (async () => {
    for await (const tick of await client.metrics.follow({ runId })) {
      asked += Object.keys(tick.points).length;
      window.postMessage(tick);
    }
  })();
  const items = (await client.run.context({ runId })).runbook.phases.flatMap(({ sections }) =>
    sections.flatMap(({ blocks }) => blocks.flatMap((block) => (block.kind === 'item' ? [block.item.id] : []))),
  );
  const ticking = setInterval(() => {
    const item = items[acks.length % items.length];
    if (item === undefined) return;
    const begun = performance.now();
    void client.checklist.note({ runId, item, text: 'seen' }).then(() => acks.push(performance.now() - begun));
  }, 500);
  return async () => {
    clearInterval(ticking);
    await window.terminate();
    await engine.close();
  };
};

/** Scheduler and watch alone: here the lateness of starts can be seen. */
const scheduler = (): (() => Promise<void>) => {
  const parsed = targetSchema.parse(target());
  const watch = createWatch({ target: parsed, clock: systemClock, writeSamples: () => {}, onChange: () => {} });
  const running = createScheduler({
    clock: systemClock,
    log: { info: () => {}, error: (message) => process.stderr.write(`${message}\n`) },
    onTick: (readings) => {
      asked += readings.length;
      watch.take(readings);
    },
  });
  for (const [id, spec] of Object.entries(parsed.probes)) running.add(id, spec, httpProbe.open(spec.with));
  return async () => {
    lateP99 = running.lateness().p99;
    await running.close();
    watch.close();
  };
};

const start: Readonly<Record<string, () => Promise<() => Promise<void>> | (() => Promise<void>)>> = {
  bare: () => (bare(1), () => Promise.resolve()),
  grouped: () => (bare(100), () => Promise.resolve()),
  room: () => room(dataDir),
  scheduler,
};

const dataDir = mkdtempSync(join(tmpdir(), 'war-room-bench-'));
const close = await start[how]!();
await new Promise((done) => setTimeout(done, warmUpMs));
const lag = monitorEventLoopDelay({ resolution: 10 });
lag.enable();
const before = process.cpuUsage();
const askedBefore = asked;
const early = process.memoryUsage.rss();
acks.length = 0;
await new Promise((done) => setTimeout(done, seconds * 1_000));
const used = process.cpuUsage(before);
const checks = asked - askedBefore;
// The histogram counts from the resolution on.
const lagP99 = Math.max(0, lag.percentile(99) / 1e6 - 10);
const rss = process.memoryUsage.rss();
const ackP99 = acks.toSorted((a, b) => a - b)[Math.floor(acks.length * 0.99)] ?? 0;
await close();
process.stdout.write(
  `${JSON.stringify({ cpuMs: (used.user + used.system) / 1_000, checks, rss, early, ackP99, lateP99, lagP99 })}\n`,
);
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);
