import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createRouterClient } from '@orpc/server';
import type { Caller } from '../../electron/caller.ts';
import { createEngine } from '../../electron/engine.ts';
import { genesis, hashOf } from '../../electron/store/chain.ts';
import { openDatabase } from '../../electron/store/database.ts';
import type { Database } from '../../electron/store/database.ts';
import { openTexts } from '../../electron/store/documents.ts';
import type { Client } from '../../shared/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

/** A year of a busy team. */
const runs = 500;
const eventsOfRun = 2_000;
const seriesOfRun = 20;
const samplesOfSeries = 2_000;

const runbooks = new URL('../../shared/runbooks/', import.meta.url).pathname;
const quiet = { info: () => {}, error: () => {} };
const caller: Caller = {
  id: 'bench',
  grant: 'operate',
  via: 'desk',
  operator: () => ({ name: 'Ada', role: null }),
  identify: () => {},
};

const startBody = (texts: { readonly runbook: string; readonly target: string }, release: string): string =>
  JSON.stringify({
    environment: 'staging',
    items: 138,
    plannedT0: null,
    practice: false,
    release,
    runbook: { name: 'production-deployment-checklist', sha256: texts.runbook },
    service: 'backend-api',
    target: { name: 'ywmessaging', sha256: texts.target },
    title: 'Production Deployment Checklist',
  });
const closeBody = JSON.stringify({
  deferred: 0,
  open: 0,
  outcome: 'complete',
  overrides: 0,
  reason: null,
  settled: 138,
});
const changeBody = (at: number): string =>
  JSON.stringify({
    from: at % 2 === 0 ? 'ok' : 'warn',
    id: `metric-${at % 33}`,
    label: 'Latency p95',
    sampleAt: at,
    sentence: 'The p95 of 300 requests is 142 ms, below the target of 200 ms.',
    subject: 'metric',
    text: '142 ms',
    to: at % 2 === 0 ? 'warn' : 'ok',
  });

/** Straight into the tables: a year is not lived through event by event. */
const fillEvents = ({ sql }: Database, texts: { readonly runbook: string; readonly target: string }): void => {
  const insert = sql.prepare('INSERT INTO events VALUES (:seq, :at, :run_id, :type, :body, :by, :prev_hash, :hash)');
  let hash = genesis;
  let seq = 0;
  const add = (run: string, type: string, body: string): void => {
    seq += 1;
    const row = { seq, at: 1_700_000_000_000 + seq, run_id: run, type, body, by: '{"kind":"app"}', prev_hash: hash };
    hash = hashOf(row);
    insert.run({ ...row, hash });
  };
  for (let run = 0; run < runs; run += 1)
    sql.transaction(() => {
      const id = `run-${run}`;
      add(id, 'run-started', startBody(texts, `2.${run}.0`));
      for (let at = 0; at < eventsOfRun - 2; at += 1) add(id, 'health-changed', changeBody(at));
      add(id, 'run-closed', closeBody);
    })();
};

const fillSamples = ({ sql }: Database): void => {
  const series = sql.prepare<[string, string]>('INSERT INTO series (run_id, name) VALUES (?, ?)');
  const sample = sql.prepare<[number, number]>(
    `WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < ? - 1)
     INSERT INTO samples SELECT ?, 1700000000000 + i * 5000, i % 97 FROM n`,
  );
  for (let run = 0; run < runs; run += 1)
    sql.transaction(() => {
      for (let at = 0; at < seriesOfRun; at += 1)
        sample.run(samplesOfSeries, Number(series.run(`run-${run}`, `metric-${at}`).lastInsertRowid));
    })();
};

const timed = async (act: () => Promise<unknown>): Promise<number> => {
  const began = performance.now();
  await act();
  return performance.now() - began;
};

const opened = async (client: Client, runId: RunId): Promise<void> => {
  await client.run.context({ runId });
  let events = 0;
  for await (const batch of await client.run.follow({ runId, after: 0 })) {
    events += batch.length;
    if (events >= eventsOfRun) break;
  }
};

/** What a year of history costs whoever opens the first screen, or one of its runs. */
export const historyBench = async (): Promise<readonly Figure[]> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-year-'));
  const database = openDatabase(dataDir);
  const texts = openTexts(database);
  const target = readFileSync(join(runbooks, 'ywmessaging.target.yaml'), 'utf8').replace(
    'environment: production',
    'environment: staging',
  );
  const kept = {
    runbook: texts.put(readFileSync(join(runbooks, 'production-deployment-checklist.md'), 'utf8')),
    target: texts.put(target),
  };
  fillEvents(database, kept);
  fillSamples(database);
  // What each run had to tell was drafted while it was open.
  database.sql.exec('INSERT INTO notice_cursors SELECT run_id, max(seq) FROM events GROUP BY run_id');
  database.close();
  const began = performance.now();
  const engine = await createEngine({ dataDir, version: '0.0.0', runbooks, log: quiet, backing: false });
  const start = performance.now() - began;
  const client: Client = createRouterClient(engine.router, { context: { caller, log: quiet } });
  try {
    const list = await timed(() => client.runs.list());
    const open = await timed(() => opened(client, 'run-250' as RunId));
    const search = await timed(() => client.audit.search({ words: 'rollback' }));
    const verify = await timed(() => client.audit.verify({ heads: [] }));
    return [
      figure('a year (500 runs, 1 M events, 20 M samples): the engine is up', start, 'ms', null),
      figure('a year: all runs listed', list, 'ms', 200),
      figure('a year: one run opened, every event handed over', open, 'ms', 2_000),
      figure('a year: words found over all runs', search, 'ms', null),
      figure('a year: 1 M entries verified', verify, 'ms', null),
    ];
  } finally {
    await engine.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
};
