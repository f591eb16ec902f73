import { fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { hostileServers, stopServers } from '../../electron/probes/fixtures/hostile.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { floodBench } from './flood.ts';

type Measured = {
  readonly cpuMs: number;
  readonly checks: number;
  readonly rss: number;
  readonly lateP99: number;
  readonly lagP99: number;
};

/** The service that is asked, in a process of its own: what it costs to answer is nobody's here. */
const answering = `require('node:http').createServer((_, response) => setTimeout(() => {
  response.setHeader('content-type', 'application/json');
  response.end('{"status":"ok","version":"1"}');
}, 5)).listen(0, '127.0.0.1', function () { process.send(this.address().port); });`;

const measure = async (how: string, port: number, count: number, seconds: number, everyS = 5): Promise<Measured> => {
  const child = spawn(
    process.execPath,
    [join(import.meta.dirname, 'probes-child.ts'), how, String(port), String(count), String(seconds), String(everyS)],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => (text += chunk.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  if (code !== 0) throw new Error(`The bench's child "${how}" ended with ${code}.`);
  return JSON.parse(text) as Measured;
};

/** The fourteen hostile servers run here, whoever asks them in a process of its own: their buffers are not its memory. */
const hostileFigures = async (): Promise<readonly Figure[]> => {
  const servers = await hostileServers();
  const child = fork(join(import.meta.dirname, 'hostile-child.ts'));
  try {
    child.send([...servers]);
    const [told] = (await once(child, 'message')) as [{ offMs: number; growth: number; reasons: number }];
    return [
      figure('hostile servers: farthest from the deadline', told.offMs, 'ms', 100),
      figure('hostile servers: growth of resident memory', told.growth / 2 ** 20, 'MiB', 64),
      // One of the servers redirects to another host, which is answered well, only without credentials.
      figure('hostile servers: different reasons', told.reasons, '', servers.length),
    ];
  } finally {
    child.kill();
    await stopServers();
  }
};

/**
 * The cost of a scheduled HTTP probe, stored and pushed to one window, against the same checks in a bare axios loop of
 * the same run: CPU time per thousand checks. Beside it the same loop with its starts grouped like ours.
 */
export const probesBench = async (seconds = 20, minutes = 10): Promise<readonly Figure[]> => {
  const service = spawn(process.execPath, ['-e', answering], { stdio: ['ignore', 'ignore', 'inherit', 'ipc'] });
  try {
    const [port] = (await once(service, 'message')) as [number];
    const figures: Figure[] = [];
    for (const count of [200, 1_000]) {
      const cost = ({ cpuMs, checks }: Measured): number => (cpuMs / checks) * 1_000;
      const bare = await measure('bare', port, count, seconds);
      const grouped = await measure('grouped', port, count, seconds);
      const room = await measure('room', port, count, seconds);
      const { lateP99 } = await measure('scheduler', port, count, seconds);
      const name = `${count} HTTP probes every 5 s`;
      figures.push(
        figure(`${name}: CPU of 1,000 checks, against a bare axios loop`, cost(room), 'ms', cost(bare)),
        figure(`${name}: the same, against a bare axios loop in groups`, cost(room), 'ms', cost(grouped)),
        figure(
          `${name}: share of one core above the bare loop`,
          (room.cpuMs - bare.cpuMs) / (seconds * 10),
          '%',
          count === 200 ? 5 : null,
        ),
        figure(`${name}: start lateness p99`, lateP99, 'ms', count === 200 ? 250 : 500),
      );
    }
    const flood = await measure('scheduler', port, 10_000, 30, 30);
    figures.push(
      figure('10,000 HTTP probes every 30 s: lag of the main loop p99', flood.lagP99, 'ms', 50),
      figure('10,000 HTTP probes every 30 s: resident', flood.rss / 2 ** 20, 'MiB', 900),
      figure('10,000 HTTP probes every 30 s: start lateness p99', flood.lateP99, 'ms', 1_000),
    );
    figures.push(...(await floodBench(port, 10_000, 30, minutes)));
    return [...figures, ...(await hostileFigures())];
  } finally {
    service.kill();
  }
};
