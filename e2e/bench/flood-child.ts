import { join } from 'node:path';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { createEngine } from '../../electron/engine.ts';
import { serveWeb } from '../../electron/host/web.ts';

/**
 * The child of the flood: the served app on DATA-DIR. Says its address, then what it holds of memory every five seconds.
 * Told to begin and to end, it measures the lag of its main loop in between, and collects its garbage before and after.
 */
const [dataDir = ''] = process.argv.slice(2);
// Not from the fixtures: what they bring along would be counted as the app's.
const root = join(import.meta.dirname, '../..');
const log = { info: () => {}, error: (message: string) => process.stderr.write(`${message}\n`) };
const resolution = 10;
const lag = monitorEventLoopDelay({ resolution });
let used = process.cpuUsage();

const liveHeap = (): number => {
  globalThis.gc?.();
  return process.memoryUsage().heapUsed;
};
const told = {
  begin: () => {
    const heap = liveHeap();
    lag.enable();
    used = process.cpuUsage();
    return { heap };
  },
  end: () => {
    lag.disable();
    const { user, system } = process.cpuUsage(used);
    // The histogram counts from the resolution on.
    const [p99, longest] = [lag.percentile(99), lag.max].map((ns) => Math.max(0, ns / 1e6 - resolution));
    return { p99, longest, cpuMs: (user + system) / 1_000, heap: liveHeap() };
  },
};

const engine = await createEngine({ dataDir, version: '0.0.0', runbooks: join(root, 'shared/runbooks'), log });
const host = await serveWeb({ engine, dataDir, port: 0, pages: join(root, 'dist/renderer'), operator: 'bench' });
process.on('message', (word: keyof typeof told) => process.send?.({ [word]: told[word]() }));
setInterval(() => process.send?.({ rss: process.memoryUsage.rss() }), 5_000);
process.on('disconnect', () => process.exit(0));
process.send?.({ url: host.invite('operate') });
