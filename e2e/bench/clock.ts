import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setTimeout as pause } from 'node:timers/promises';
import {
  accountOf,
  changingWeeks,
  day,
  hour,
  openWeek,
  restlessWeek,
  second,
  t0Set,
} from '../../electron/room/fixtures/week.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { killWhileWorking } from './place.ts';

/** The clock of a run: the week of the real document, and when the escalation path fires, awake and after a stop. */

const whole = (counts: ReturnType<typeof accountOf>): void => {
  if (counts.rounds !== 27 || counts.captured + counts.asked + counts.missed !== 215)
    throw new Error(`The week has ${counts.rounds} rounds and lost readings: ${JSON.stringify(counts)}.`);
};

const plainWeek = async (): Promise<number> => {
  const week = await openWeek(Date.UTC(2027, 2, 27, 20));
  const began = performance.now();
  const keeper = week.keep();
  week.say([t0Set(week.here.clock.now())]);
  for (let at = 0; at < 7 * day + hour; at += second) {
    week.here.pass(second);
    keeper.look();
  }
  whole(accountOf(week.context, week.events()));
  const tookMs = performance.now() - began;
  week.close();
  return tookMs;
};

const zonedWeek = async (zone: string, t0: number): Promise<number> => {
  const before = process.env['TZ'];
  process.env['TZ'] = zone;
  const began = performance.now();
  const week = await restlessWeek(t0, 10 * second);
  whole(accountOf(week.context, week.events()));
  week.close();
  if (before === undefined) delete process.env['TZ'];
  else process.env['TZ'] = before;
  return performance.now() - began;
};

type Step = { readonly dueAt: number; readonly at: number; readonly latenessMs: number };

/** Steps as a process of its own took them, while it is stopped for three seconds again and again, as a sleep does. */
const escalated = async () => {
  const child = spawn(process.execPath, [new URL('clock-child.ts', import.meta.url).pathname], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const stops: { readonly from: number; readonly to: number }[] = [];
  const steps: Step[] = [];
  const lines = createInterface({ input: child.stdout });
  lines.on('line', (line) => steps.push(JSON.parse(line) as Step));
  const ended = once(child, 'exit');
  for (let stop = 0; stop < 5; stop += 1) {
    await pause(4_000);
    const from = Date.now();
    child.kill('SIGSTOP');
    await pause(3_000);
    stops.push({ from, to: Date.now() });
    child.kill('SIGCONT');
  }
  await ended;
  const wokeFor = ({ dueAt }: Step): number | null =>
    stops.find(({ from, to }) => dueAt >= from && dueAt < to)?.to ?? null;
  const awake = steps.filter((step) => wokeFor(step) === null);
  const asleep = steps.filter((step) => wokeFor(step) !== null);
  if (awake.length < 20 || asleep.length < 10) throw new Error('Too few steps fell on either side of the stops.');
  const most = (values: readonly number[]): number => Math.max(...values);
  return {
    awake: most(awake.map(({ dueAt, at }) => at - dueAt)),
    asleep: most(asleep.map((step) => step.at - (wokeFor(step) ?? 0))),
    untrue: most(steps.map(({ dueAt, at, latenessMs }) => Math.abs(at - dueAt - latenessMs))),
  };
};

export const clockBench = async (): Promise<readonly Figure[]> => {
  const zones: Figure[] = [];
  for (const [zone, t0] of changingWeeks)
    zones.push(
      figure(`week with sleeps, moves and the change of ${zone}`, (await zonedWeek(zone, t0)) / 1_000, 's', 60),
    );
  const { awake, asleep, untrue } = await escalated();
  const places = await killWhileWorking(100);
  return [
    figure('week of 27 rounds and 215 readings, a look a second', (await plainWeek()) / 1_000, 's', 60),
    ...zones,
    figure('escalation after its moment while awake, worst', awake, 'ms', 1_000),
    figure('escalation after waking up, worst', asleep, 'ms', 1_000),
    figure('SIGKILLs while people move through a checklist', places.kills, 'kills', null),
    figure('… moves between them', places.moves, 'moves', null),
    figure('… openings at another item than before', places.astray, 'openings', 0),
    figure('stated lateness beside the true one, worst difference', untrue, 'ms', 1_000),
  ];
};
