import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { Client } from '../../shared/contract.ts';
import { createEngine } from '../../electron/engine.ts';
import { healthTarget } from './probes-target.ts';

/**
 * The child of the memory bench: an engine alone, with 200 http probes on a service at PORT every 5 s and one window
 * that follows them. Prints every five seconds what it holds of memory, as one JSON line; asked by message it first collects its
 * garbage, so that what is live can be told from what waits.
 */
const [dataDir = '', port = ''] = process.argv.slice(2);
// Not from the fixtures: what they bring along would be counted as the engine's.
const root = join(import.meta.dirname, '../..');
const target = JSON.stringify(healthTarget(Number(port), 200, 5));

const log = { info: () => {}, error: (message: string) => process.stderr.write(`${message}\n`) };
const engine = await createEngine({ dataDir, version: '0.0.0', runbooks: join(root, 'shared/runbooks'), log });
const operator = { name: 'Bench', role: null };
const caller = { id: 'bench', grant: 'operate', via: 'desk', operator: () => operator, identify: () => {} } as const;
const client: Client = createRouterClient(engine.router, { context: { caller, log } });
const text = readFileSync(join(root, 'shared/runbooks/production-deployment-checklist.md'), 'utf8');
const { runId } = await client.runs.start({
  runbook: { name: 'bench.md', text },
  target: { name: 'bench.target.yaml', text: target },
  release: '1',
  plannedT0: null,
});
const tell = (collected: boolean): void => {
  const { rss, heapUsed } = process.memoryUsage();
  process.stdout.write(`${JSON.stringify({ rss, heapUsed, collected })}\n`);
};
setInterval(() => tell(false), 5_000);
process.on('message', () => {
  globalThis.gc?.();
  tell(true);
});
process.on('SIGTERM', () => void engine.close().finally(() => process.exit(0)));
for await (const tick of await client.metrics.follow({ runId })) void tick;
