import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createORPCClient } from '@orpc/client';
import { RPCLink } from '@orpc/client/websocket';
import { WebSocket } from 'ws';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { freshDataDir, root } from '../fixtures.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { healthTarget } from './probes-target.ts';

const mebi = 2 ** 20;
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const p99 = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length * 0.99)] ?? NaN;

type Begun = { readonly heap: number };
type Ended = Begun & { readonly p99: number; readonly longest: number; readonly cpuMs: number };
type Told = { readonly url?: string; readonly rss?: number; readonly begin?: Begun; readonly end?: Ended };

/** The next thing of that name that the child says. */
const hear = async <K extends keyof Told>(child: ChildProcess, key: K): Promise<NonNullable<Told[K]>> => {
  for (;;) {
    const [told] = (await once(child, 'message')) as [Told];
    const said = told[key];
    if (said !== undefined) return said;
  }
};

/** A window of the served app: paired as a browser is, over a WebSocket of its own. */
const pairedWith = async (url: string): Promise<{ readonly client: Client; readonly socket: WebSocket }> => {
  const { origin, hash } = new URL(url);
  const paired = await fetch(`${origin}/api/pair`, {
    method: 'POST',
    headers: { origin, 'content-type': 'application/json' },
    body: JSON.stringify({ code: hash.replace('#pair=', '') }),
  });
  const cookie = paired.headers.get('set-cookie')?.split(';')[0] ?? '';
  const socket = new WebSocket(`${origin.replace('http', 'ws')}/api/rpc`, { headers: { cookie, origin } });
  await once(socket, 'open');
  return { socket, client: createORPCClient(new RPCLink({ websocket: socket as unknown as globalThis.WebSocket })) };
};

/**
 * Ticks and takes back items of the first phase, one every half second whatever became of those before. Each is counted
 * from when it was due to when it was acked here, so that a main loop that stands still shows in every one that waits.
 */
const ticking = async (client: Client, runId: RunId, acks: number[]): Promise<() => void> => {
  const [first] = (await client.run.context({ runId })).runbook.phases;
  const items = (first === undefined ? [] : itemsOf(first)).filter(({ children }) => children.length === 0);
  const begun = performance.now();
  let asked = 0;
  const timer = setInterval(() => {
    const due = begun + (asked + 1) * 500;
    if (performance.now() < due) return;
    const { id: item } = items[asked % items.length]!;
    const back = Math.floor(asked / items.length) % 2 === 1;
    asked += 1;
    const acked = back
      ? client.checklist.untick({ runId, item, reason: 'taken back again' })
      : client.checklist.tick({ runId, item, value: 'seen' });
    void acked.then(() => acks.push(performance.now() - due));
  }, 5);
  return () => clearInterval(timer);
};

const startRun = async (client: Client, port: number, count: number, everyS: number): Promise<RunId> => {
  const name = 'production-deployment-checklist.md';
  const { runId } = await client.runs.start({
    runbook: { name, text: readFileSync(join(root, 'shared/runbooks', name), 'utf8') },
    target: { name: 'bench.target.yaml', text: JSON.stringify(healthTarget(port, count, everyS)) },
    release: '1',
    plannedT0: null,
  });
  return runId;
};

/** The served app with a run of `count` HTTP probes and a window of another process that follows it and ticks. */
export const floodBench = async (
  port: number,
  count: number,
  everyS: number,
  minutes: number,
): Promise<readonly Figure[]> => {
  const data = await freshDataDir();
  const child = fork(join(import.meta.dirname, 'flood-child.ts'), [data.path], { execArgv: ['--expose-gc'] });
  try {
    const { client, socket } = await pairedWith(await hear(child, 'url'));
    const runId = await startRun(client, port, count, everyS);
    let readings = 0;
    const following = async (): Promise<void> => {
      for await (const tick of await client.metrics.follow({ runId })) readings += Object.keys(tick.points).length;
    };
    const events = async (): Promise<void> => {
      for await (const batch of await client.run.follow({ runId, after: 0 })) void batch;
    };
    const both = Promise.all([following(), events()]).catch(() => {});
    await sleep(everyS * 1_000 + 5_000);

    child.send('begin');
    const { heap } = await hear(child, 'begin');
    const rss: number[] = [];
    child.on('message', (told: Told) => told.rss !== undefined && rss.push(told.rss / mebi));
    const acks: number[] = [];
    const stop = await ticking(client, runId, acks);
    readings = 0;
    await sleep(minutes * 60_000);
    stop();
    child.send('end');
    const ended = await hear(child, 'end');
    socket.close();
    await both;

    const half = Math.floor(rss.length / 2);
    const name = `room of ${count} HTTP probes every ${everyS} s, ${minutes} min`;
    const perMinute = (ended.heap - heap) / mebi / minutes;
    return [
      figure(`${name}: lag of the main loop p99`, ended.p99, 'ms', 50),
      figure(`${name}: longest stop of the main loop`, ended.longest, 'ms', null),
      figure(`${name}: a tick over the socket acked p99`, p99(acks), 'ms', 100),
      figure(`${name}: resident, highest`, Math.max(...rss), 'MiB', 900),
      figure(
        `${name}: highest of the second half, by the first`,
        Math.max(...rss.slice(half)),
        'MiB',
        Math.max(...rss.slice(0, half)),
      ),
      figure(`${name}: live heap's growth`, perMinute, 'MiB/min', null),
      figure(`${name}: share of one core`, ended.cpuMs / (minutes * 600), '%', null),
      figure(`${name}: readings that reached the window`, readings / (minutes * 60), '1/s', count / everyS),
    ];
  } finally {
    child.kill('SIGKILL');
    await data.remove();
  }
};
