import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { startFarEnd } from '../../electron/notify/fixtures/far-end.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { openOutbox } from '../../electron/store/outbox.ts';
import type { RunId } from '../../shared/events.ts';
import type { Kept } from '../../shared/notices/outbox.ts';

const child = new URL('./notices-child.ts', import.meta.url).pathname;

const quietMs = 1_500;
/** Each trouble takes a second of back-off from everything behind it. */
const troubleEvery = 20;
const mostDrains = 40;

/** What the kills showed. `lost`, `twice` and `wrong` must be 0. */
export type Kills = {
  readonly kills: number;
  readonly events: number;
  readonly notices: number;
  /** Events on disk without a notice for each channel that hears of them. */
  readonly lost: number;
  /** Taken more than once by the other end under its key, or said more than once where there is none. */
  readonly twice: number;
  /** Said to be sent, and never arrived; or still on its way at the end. */
  readonly wrong: number;
  /** Shown as "may have been sent". */
  readonly unknown: number;
};

const start = (mode: string, dataDir: string, base: string, life: number) => {
  const app = spawn(process.execPath, [child, mode, dataDir, base, String(life)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const said: string[] = [];
  const lines = createInterface({ input: app.stdout });
  lines.on('line', (line) => said.push(line));
  return { app, said, ready: once(lines, 'line') };
};

const outboxIn = (dataDir: string): readonly Kept[] => {
  const database = openDatabase(dataDir);
  try {
    const outbox = openOutbox(database);
    const runId = database.sql.prepare<[], RunId>('SELECT run_id FROM events LIMIT 1').pluck().get();
    return runId === undefined ? [] : outbox.ofRun(runId);
  } finally {
    database.close();
  }
};

/** Lets what is left go out, until nothing is on its way any more. */
const drain = async (dataDir: string, base: string, asked: () => number): Promise<readonly Kept[]> => {
  for (let at = 0; at < mostDrains; at += 1) {
    const { app, ready } = start('drain', dataDir, base, -1);
    await ready;
    for (let before = -1; before !== asked();) {
      before = asked();
      await sleep(quietMs);
    }
    app.kill('SIGTERM');
    await once(app, 'exit');
    const kept = outboxIn(dataDir);
    if (kept.every(({ state }) => state !== 'queued' && state !== 'sending')) return kept;
  }
  return outboxIn(dataDir);
};

/** Kills the app again and again while it drafts and sends, and holds in the end what it says against what arrived. */
export const killWhileTelling = async (kills: number): Promise<Kills> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-notices-kill-'));
  const troubles = ['die', 503, 'drop', 'delay'] as const;
  const far = await startFarEnd({
    trouble: (count) =>
      count % troubleEvery === 0 ? (troubles[(count / troubleEvery) % troubles.length] ?? 'none') : 'none',
  });
  try {
    const events: string[] = [];
    for (let life = 0; life < kills; life += 1) {
      const { app, said, ready } = start('work', dataDir, far.base, life);
      await ready;
      await sleep(40 + Math.random() * 500);
      app.kill('SIGKILL');
      await once(app, 'exit');
      events.push(...said.filter((line) => line !== 'ready'));
    }
    const kept = await drain(dataDir, far.base, () => far.requests.length);
    const hooks = kept.filter(({ channel }) => channel.label === 'Hook');
    const slacks = kept.filter(({ channel }) => channel.label === 'Slack');
    const served = far.requests.filter((request) => request.served);
    const saidTo = (words: string): number =>
      served.filter(({ path, body }) => path.startsWith('/slack') && body.includes(words)).length;
    const ids = new Set(
      served.filter(({ path }) => path === '/hook').map(({ body }) => (JSON.parse(body) as { readonly id: string }).id),
    );
    const titles = new Set(hooks.map(({ message }) => message.title));
    const lives = new Set(events.map((gate) => gate.split('.')[0]));
    const lost =
      events.filter((gate) => !titles.has(`NO-GO at Gate ${gate}.: shop 1.2.3`)).length +
      [...lives].filter((life) => !slacks.some(({ message }) => message.text.includes(`in life ${life}.`))).length;
    const twice = slacks.filter(({ message }) => saidTo(message.text) > 1).length;
    const never =
      hooks.filter(({ key, state }) => state === 'sent' && !ids.has(key)).length +
      slacks.filter(({ message, state }) => state === 'sent' && saidTo(message.text) !== 1).length;
    const underWay = kept.filter(({ state }) => state === 'queued' || state === 'sending').length;
    const unknown = kept.filter(({ state }) => state === 'unknown').length;
    return { kills, events: events.length, notices: kept.length, lost, twice, wrong: never + underWay, unknown };
  } finally {
    await far.close();
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
};
