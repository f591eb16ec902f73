import type { Target } from '../target/schema.ts';
import type { UnderWay } from '../under-way.ts';

/** A program that runs at this moment: an attempt of a probe that lasts, or a command of the document. */
export type WallRunning = {
  readonly of: 'probe' | 'command';
  readonly label: string;
  /** When it began, UTC epoch ms, and for how long it may go on. */
  readonly since: number;
  readonly ofMs: number;
  /** What it said last, masked; empty while it said nothing. */
  readonly line: string;
};

const shown = 8;
const letters = 200;

/** What runs, the longest first, so that what a wall shows keeps its place while others come and go. */
export const runningNow = (
  { probes }: Pick<Target, 'probes'>,
  attempts: readonly UnderWay[],
  commands: readonly Omit<WallRunning, 'of'>[],
): readonly WallRunning[] =>
  [
    ...attempts.map(({ probe, since, deadlineMs, line }): WallRunning => ({
      ...{ of: 'probe', since, line },
      label: probes[probe]?.label ?? probe,
      ofMs: deadlineMs,
    })),
    ...commands.map((command): WallRunning => ({ of: 'command', ...command })),
  ]
    .toSorted((a, b) => a.since - b.since)
    .slice(0, shown)
    .map(({ label, line, ...one }) => ({ ...one, label: label.slice(0, letters), line: line.slice(0, letters) }));
