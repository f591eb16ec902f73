import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunId } from '../../shared/events.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { goBack, openBenchDesk } from './rollback-desk.ts';
import type { Watched } from './rollback-desk.ts';

const perRun = 50;

/**
 * Confirms each of `count` rollbacks several times over: the same call twice and three times, out of two windows, and
 * once more after it ran. The truth is a file that each start adds a line to.
 */
export const rollbackClicks = async (count: number): Promise<readonly Figure[]> => {
  const desk = await openBenchDesk();
  const truth = join(desk.dataDir, 'truth');
  writeFileSync(truth, '');
  const [first, second] = [desk.windowOf('first'), desk.windowOf('second')];
  const step = {
    kind: 'command',
    label: 'Count',
    timeout: '10s',
    with: { argv: ['sh', '-c', 'echo "$1" >> "$2"', 'sh', '${release}', truth] },
  };
  const target = `version: 1\nservice: api\nenvironment: staging\ncluster: stage\nrollback: ${JSON.stringify({ steps: [step] })}\n`;
  let accepted = 0;
  const one = async (runId: RunId, watched: Watched, n: number): Promise<void> => {
    const armed = await goBack(desk, first, watched, { runId, typed: 'api@stage' });
    if (armed === null) return;
    const windows = [first, second, first, first, second].slice(0, 2 + (n % 4));
    const calls = await Promise.allSettled(windows.map((client) => client.rollback.confirm(armed)));
    await watched.until((last) => last?.id === armed.rollback && last.state === 'finished');
    const replay = await Promise.allSettled([first.rollback.confirm(armed)]);
    accepted += [...calls, ...replay].filter(({ status }) => status === 'fulfilled').length;
  };
  try {
    for (let n = 0; n < count; n += perRun) {
      const source = { name: 't.yaml', text: target };
      const runbook = { name: 'r.md', text: '# R\n\n## Deploy\n\n- [ ] Ship it\n' };
      const { runId } = await first.runs.start({ runbook, target: source, release: `run-${n}`, plannedT0: null });
      const watched = desk.watch(runId);
      for (let inRun = 0; inRun < perRun && n + inRun < count; inRun += 1) await one(runId, watched, n + inRun);
      watched.stop();
    }
    const started = readFileSync(truth, 'utf8').split('\n').length - 1;
    return [
      figure('rollback: confirmed over and over, calls that were taken', accepted, 'calls', count),
      figure('rollback: confirmed over and over, starts', started, 'starts', count),
    ];
  } finally {
    await desk.close();
  }
};
