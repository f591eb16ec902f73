import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createCertificates } from '../../electron/practice/certificates.ts';
import { startKubernetes } from '../../electron/practice/kubernetes.ts';
import { findTool } from '../../electron/rollback/tools.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { goBack, openBenchDesk } from './rollback-desk.ts';

const oldVersion = '2.3.0';
const newVersion = '2.14.0';

/** Stands before the real kubectl and writes down when each call began and ended, in s since 1970. */
const clocked = (log: string, kubectl: string): string =>
  `#!/bin/bash\nbegan=$EPOCHREALTIME\n'${kubectl}' "$@"\ncode=$?\necho "$began $EPOCHREALTIME" >> '${log}'\nexit $code\n`;

type Span = readonly [from: number, to: number];

/** How much of `within` at least one of the spans covers. */
const covered = (spans: readonly Span[], [from, to]: Span): number => {
  let end = from;
  let sum = 0;
  for (const [began, ended] of spans.toSorted(([a], [b]) => a - b)) {
    const [start, stop] = [Math.max(began, end), Math.min(ended, to)];
    if (stop > start) sum += stop - start;
    end = Math.max(end, stop);
  }
  return sum;
};

const spansIn = (log: string): readonly Span[] =>
  readFileSync(log, 'utf8')
    .trim()
    .split('\n')
    .map((line): Span => {
      const [began = 0, ended = 0] = line.split(' ').map((text) => Number(text.replace(',', '.')) * 1_000);
      return [began, ended];
    });

/** One way back in a practice cluster whose pods take 1.5 s to start, clicked as fast as the app lets people. */
const once = async (folder: string): Promise<{ readonly tookMs: number; readonly ownMs: number }> => {
  const log = join(folder, 'calls');
  let onOld = (): void => {};
  let switched = false;
  const cluster = await startKubernetes({
    certificates: await createCertificates(),
    version: oldVersion,
    seed: 5,
    onServing: ({ version }) => switched && version === oldVersion && onOld(),
  });
  const desk = await openBenchDesk();
  try {
    writeFileSync(join(folder, 'config'), cluster.kubeconfig, { mode: 0o600 });
    writeFileSync(log, '');
    const client = desk.windowOf('first');
    const at = { context: 'practice', namespace: 'practice', service: 'backend-api' };
    const labels = { app: 'backend-api', track: 'previous' };
    const plan = {
      name: 'two-deployments',
      current: 'backend-api',
      previous: 'backend-api-previous',
      labels,
      for: '1s',
    };
    const rollback = { kubernetes: { ...at, kubeconfig: join(folder, 'config') }, plan };
    const text = JSON.stringify({ version: 1, service: 'backend-api', environment: 'staging', cluster: 's', rollback });
    const runbook = { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n' };
    const target = { name: 't.yaml', text };
    const { runId } = await client.runs.start({ runbook, target, release: newVersion, plannedT0: null });
    const watched = desk.watch(runId);
    while (watched.room().pinned === null) await sleep(20);
    cluster.deploy(newVersion);
    while (cluster.serving().version !== newVersion || !cluster.serving().settled) await sleep(50);
    switched = true;
    const back = new Promise<number>((resolve) => (onOld = () => resolve(Date.now())));
    const began = Date.now();
    const armed = await goBack(desk, client, watched, { runId, typed: 'backend-api@s' });
    if (armed === null) throw new Error('the preflight stopped the bench');
    await client.rollback.confirm(armed);
    const ended = await back;
    await watched.until((last) => last?.state === 'finished' || last?.state === 'held');
    watched.stop();
    const tookMs = ended - began;
    return { tookMs, ownMs: tookMs - covered(spansIn(log), [began, ended]) };
  } finally {
    await desk.close();
    await cluster.close();
  }
};

/** From the proposal to traffic on the old version, and what of it neither kubectl nor the cluster took. */
export async function* rollbackOverhead(times: number): AsyncGenerator<Figure> {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-overhead-'));
  const path = process.env['PATH'] ?? '';
  const all: Awaited<ReturnType<typeof once>>[] = [];
  try {
    writeFileSync(join(folder, 'kubectl'), clocked(join(folder, 'calls'), await findTool('kubectl')), { mode: 0o755 });
    process.env['PATH'] = `${folder}${delimiter}${path}`;
    for (let n = 0; n < times; n += 1) all.push(await once(folder));
  } finally {
    process.env['PATH'] = path;
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
  const middle = (values: readonly number[]): number =>
    (values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0) / 1_000;
  const own = all.map(({ ownMs }) => ownMs);
  yield figure(
    'rollback: Propose to traffic on the old version, median',
    middle(all.map(({ tookMs }) => tookMs)),
    's',
    30,
  );
  yield figure('rollback: of it neither kubectl nor cluster, median', middle(own), 's', 2);
  yield figure('rollback: of it neither kubectl nor cluster, most', Math.max(...own) / 1_000, 's', 2);
}
