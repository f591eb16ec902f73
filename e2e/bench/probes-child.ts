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
import { healthTarget } from './probes-target.ts';

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
    target: { name: 'bench.target.yaml', text: JSON.stringify(healthTarget(Number(port), count, everyMs / 1_000)) },
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
  return async () => {
    await window.terminate();
    await engine.close();
  };
};

/** Scheduler and watch alone: here the lateness of starts can be seen. */
const scheduler = (): (() => Promise<void>) => {
  const parsed = targetSchema.parse(healthTarget(Number(port), count, everyMs / 1_000));
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
await new Promise((done) => setTimeout(done, seconds * 1_000));
const used = process.cpuUsage(before);
const checks = asked - askedBefore;
// The histogram counts from the resolution on.
const lagP99 = Math.max(0, lag.percentile(99) / 1e6 - 10);
const rss = process.memoryUsage.rss();
await close();
process.stdout.write(`${JSON.stringify({ cpuMs: (used.user + used.system) / 1_000, checks, rss, lateP99, lagP99 })}\n`);
rmSync(dataDir, { recursive: true, force: true });
process.exit(0);
