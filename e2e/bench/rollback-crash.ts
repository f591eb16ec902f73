import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';

type Step = { readonly id: string; readonly state: string; readonly attempts: number };
type Said = Readonly<Record<string, unknown>> & { readonly states?: readonly Step[] };

/** How long a step works: short ones are over when the app is back, long ones are found alive. */
export const paces = { short: 60, long: 8_000 } as const;

/** What one kill showed. `wrong` says in words what should not have been; empty is as it must be. */
export type Kill = {
  readonly afterMs: number;
  readonly states: string;
  readonly unknown: number;
  readonly found: boolean;
  readonly backMs: number;
  readonly wrong: readonly string[];
};

const child = new URL('./rollback-child.ts', import.meta.url).pathname;

const started = (mode: string, dataDir: string, truth: string) => {
  const app: ChildProcess = spawn(process.execPath, [child, mode, dataDir, truth], {
    stdio: ['pipe', 'pipe', 'inherit'],
    // The app as it ships is one file that was made beforehand; from its sources most of a start is reading them.
    env: { ...process.env, NODE_COMPILE_CACHE: join(tmpdir(), 'war-room-bench-compiled') },
  });
  const lines = createInterface({ input: app.stdout ?? process.stdin })[Symbol.asyncIterator]();
  const next = async (): Promise<Said> => {
    const { value, done } = await lines.next();
    return done === true ? {} : (JSON.parse(value) as Said);
  };
  return { app, next };
};

const truthIn = (file: string): { readonly starts: readonly string[]; readonly ends: readonly string[] } => {
  const lines = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n') : [];
  const of = (word: string): string[] =>
    lines.filter((line) => line.startsWith(`${word} `)).map((line) => line.slice(word.length + 1));
  return { starts: of('start'), ends: of('end') };
};

const compare = (steps: readonly Step[], file: string): readonly string[] => {
  const { starts, ends } = truthIn(file);
  return steps.flatMap(({ id, state, attempts }) => {
    const [begun, ended] = [starts.filter((one) => one === id).length, ends.filter((one) => one === id).length];
    if (begun > attempts) return [`step ${id} ran ${begun} times in ${attempts} starts`];
    if (begun > ended) return [`step ${id} was cut off`];
    if (state === 'waiting' && begun > 0) return [`step ${id} is said not to have started, but did`];
    if (state === 'done' && ended === 0) return [`step ${id} is said to be done, but is not`];
    return [];
  });
};

/** Runs an eight-step rollback, kills the app without warning, starts it again and holds what it says against the truth. */
export const killOnce = async (afterMs: number, stepMs: number): Promise<Kill> => {
  const dataDir = mkdtempSync(join(tmpdir(), 'war-room-kill-'));
  const truth = join(dataDir, 'truth');
  const pace = (ms: number): void => writeFileSync(`${truth}-pace`, String(ms / 1_000));
  try {
    pace(stepMs);
    const first = started('begin', dataDir, truth);
    await first.next();
    await sleep(afterMs);
    first.app.kill('SIGKILL');
    await once(first.app, 'exit');
    pace(20);
    const began = performance.now();
    const second = started('resume', dataDir, truth);
    const back = await second.next();
    const backMs = performance.now() - began;
    const quiet = await second.next();
    const steps = quiet.states ?? [];
    const wrong = [...compare(steps, truth)];
    const { ends } = truthIn(truth);
    const undecided = steps.filter(({ state }) => state === 'unknown' || state === 'failed');
    const decisions = Object.fromEntries(undecided.map(({ id }) => [id, ends.includes(id) ? 'done' : 'repeat']));
    second.app.stdin?.write(JSON.stringify(decisions));
    const end = await second.next();
    await once(second.app, 'exit');
    const all = truthIn(truth);
    const went = end['end'] === 'finished' || all.starts.length === 0;
    if (!went) wrong.push(`it ended ${String(end['end'])}`);
    for (let id = 1; all.starts.length > 0 && id <= 8; id += 1) {
      const times = all.ends.filter((one) => one === String(id)).length;
      if (times !== 1) wrong.push(`in the end step ${id} ran ${times} times`);
    }
    const running = (back.states ?? []).find(({ state }) => state === 'running');
    const found = running !== undefined && steps.find(({ id }) => id === running.id)?.state === 'done';
    if (found && back['said'] !== `working on ${running.id}\n`) wrong.push('its output was not there');
    return {
      afterMs,
      states: steps.map(({ state }) => state[0]).join(''),
      unknown: undecided.length,
      found,
      backMs,
      wrong,
    };
  } finally {
    rmSync(dataDir, { recursive: true, force: true, maxRetries: 3 });
  }
};
