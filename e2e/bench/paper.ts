import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, readdirSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { freshDataDir, root } from '../fixtures.ts';
import { wordsIn } from '../paper.ts';
import { bigRun } from './paper-data.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const mebi = 2 ** 20;
const ticksPerSecond = 100;
const cli = join(root, 'electron/cli.ts');
const bundled = join(root, 'shared/runbooks/production-deployment-checklist.md');

type Used = { readonly seconds: number; readonly cpuSeconds: number; readonly peakMiB: number };
type Process = { readonly pid: number; readonly parent: number; readonly ticks: number };

/** Where Linux tells what each process used; nothing elsewhere. */
const processes = (): readonly Process[] => {
  try {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/v.test(name))
      .flatMap((name): readonly Process[] => {
        try {
          const text = readFileSync(`/proc/${name}/stat`, 'utf8');
          const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
          return [{ pid: Number(name), parent: Number(fields[1]), ticks: Number(fields[11]) + Number(fields[12]) }];
        } catch {
          // It ended meanwhile.
          return [];
        }
      });
  } catch {
    return [];
  }
};

const below = (all: readonly Process[], pid: number): readonly Process[] => {
  const own = all.filter(({ parent }) => parent === pid);
  return own.flatMap((child) => [child, ...below(all, child.pid)]);
};

/** What a process holds for itself, with its share of what it has in common with others. */
const heldMiB = (pid: number): number => {
  try {
    return Number(/^Pss:\s+(\d+)/mv.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8'))?.[1] ?? 0) / 1_024;
  } catch {
    return 0;
  }
};

/** Runs `war-room print` and watches it with all that it starts: by the wall clock, in CPU, and in memory at the most. */
const printed = async (...args: readonly string[]): Promise<Used> => {
  const start = performance.now();
  const child = spawn(process.execPath, [cli, 'print', ...args], { stdio: 'ignore' });
  const ticks = new Map<number, number>();
  let peakMiB = 0;
  const look = (): void => {
    const tree = below(processes(), process.pid);
    for (const { pid, ticks: own } of tree) ticks.set(pid, own);
    peakMiB = Math.max(
      peakMiB,
      tree.reduce((sum, { pid }) => sum + heldMiB(pid), 0),
    );
  };
  const timer = setInterval(look, 150);
  const [code] = await once(child, 'exit');
  clearInterval(timer);
  if (code !== 0) throw new Error(`war-room print ended with ${code}`);
  const used = [...ticks.values()].reduce((sum, own) => sum + own, 0);
  return { seconds: (performance.now() - start) / 1_000, cpuSeconds: used / ticksPerSecond, peakMiB };
};

const blank = async (
  dir: string,
  paper: string,
): Promise<{ readonly used: Used; readonly figures: readonly Figure[] }> => {
  const pdf = join(dir, `${paper}.pdf`);
  const used = await printed(bundled, '--paper', paper, '-o', pdf);
  const { size } = await stat(pdf);
  const name = `blank checklist on ${paper}`;
  return {
    used,
    figures: [
      figure(name, used.seconds, 's', 3),
      figure(`${name}, CPU`, used.cpuSeconds, 's', null),
      figure(`${name}, size`, size / mebi, 'MiB', 2),
    ],
  };
};

type Limits = { readonly seconds: number | null; readonly size: number | null; readonly memory: number | null };

const big = async (dir: string, items: number, idle: number, limits: Limits): Promise<readonly Figure[]> => {
  const data = join(dir, `run-${items}`);
  const run = await bigRun(data, items, 4);
  const pdf = join(dir, `${items}.pdf`);
  const used = await printed('--run', run, '--data', data, '--sheet', 'record', '-o', pdf);
  const ids = (await wordsIn(pdf)).match(/ID\d{5}/gu) ?? [];
  const found = ids.length === new Set(ids).size ? ids.length : 0;
  const name = `record of ${items.toLocaleString('en-US')} items, 4 notes each`;
  return [
    figure(name, used.seconds, 's', limits.seconds),
    figure(`${name}, CPU`, used.cpuSeconds, 's', null),
    figure(`${name}, size`, (await stat(pdf)).size / mebi, 'MiB', limits.size),
    figure(`${name}, memory above a small sheet`, used.peakMiB - idle, 'MiB', limits.memory),
    figure(`${name}, ids found exactly once`, found, 'ids', items),
  ];
};

/** Sheets of paper: the blank one of the real document, and records of long days, with all that printing them takes. */
export const paperBench = async (): Promise<readonly Figure[]> => {
  const dir = await freshDataDir();
  try {
    const a4 = await blank(dir.path, 'A4');
    const letter = await blank(dir.path, 'Letter');
    const idle = a4.used.peakMiB;
    return [
      ...a4.figures,
      ...letter.figures,
      ...(await big(dir.path, 1_000, idle, { seconds: 10, size: 5, memory: 500 })),
      ...(await big(dir.path, 8_000, idle, { seconds: null, size: null, memory: null })),
    ];
  } finally {
    await dir.remove();
  }
};
