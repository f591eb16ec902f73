import { alarmScenarios } from './alarms/scenarios.ts';
import type { HealthTick, RunContext } from './contract.ts';
import type { RecordedEvent } from './events.ts';
import { healthStates } from './health.ts';
import type { HealthState } from './health.ts';
import {
  alarmed,
  ana,
  app,
  failed,
  leavesOf,
  minute,
  ok,
  record,
  sensed,
  started,
  t0At,
  ticked,
  tickOf,
} from './scenario-parts.ts';
import type { States, Told } from './scenario-parts.ts';

/** What a window would have received by some moment of a run: events in order, and the live health of that moment. */
export type Scenario = {
  readonly name: string;
  readonly sentence: string;
  readonly build: (
    context: RunContext,
    now: number,
  ) => { readonly events: readonly RecordedEvent[]; readonly tick: HealthTick };
};

const each: States = (_, index) => healthStates[index % healthStates.length] ?? 'ok';

export const scenarios: readonly Scenario[] = [
  {
    name: 'calm',
    sentence: 'Four minutes after T-0, everything well.',
    build: (context, now) => {
      const tick = tickOf(context, now, ok, ok);
      const events = [
        ...started(context, now - 50 * minute, context.target.environment),
        ...ticked(context, 2, now - 48 * minute, now - 6 * minute),
        t0At(now - 4 * minute),
        ...sensed(context, 3, now - 3 * minute, tick),
      ];
      return { events: record(context, events), tick };
    },
  },
  {
    name: 'degraded',
    sentence: 'In production, four minutes after T-0, latency has left its limit.',
    build: (context, now) => {
      const metrics: Readonly<Record<string, HealthState>> = {
        'latency-p95': 'fail',
        'pool-usage': 'warn',
        'error-rate': 'little',
      };
      const well = tickOf(context, now, ok, ok);
      const tick = tickOf(
        context,
        now,
        (id) => metrics[id] ?? 'ok',
        (id) => (id.includes('redis') ? 'shaky' : 'ok'),
      );
      const events = [
        ...started(context, now - 50 * minute, 'production'),
        ...ticked(context, 2, now - 48 * minute, now - 6 * minute),
        t0At(now - 4 * minute),
        ...sensed(context, 3, now - 3 * minute, well),
        failed(context, 'latency-p95', now - 95_000),
        alarmed(context, 'latency-p95', now - 94_900),
        ...sensed(context, 3, now - 90_000, tick),
      ];
      return { events: record(context, events), tick };
    },
  },
  {
    name: 'every-state',
    sentence: 'Each state beside the others: none may be taken for another.',
    build: (context, now) => {
      const tick = tickOf(context, now, each, each);
      const events = [
        ...started(context, now - 9 * minute, 'staging'),
        t0At(now - 2 * minute),
        ...sensed(context, 7, now - minute, tick),
      ];
      return { events: record(context, events), tick };
    },
  },
  {
    name: 'just-started',
    sentence: 'The first second: nothing has answered yet.',
    build: (context, now) => ({
      events: record(context, started(context, now - 1_000, 'practice')),
      tick: tickOf(
        context,
        now,
        () => 'pending',
        () => 'pending',
      ),
    }),
  },
  {
    name: 'long-day',
    sentence: 'Eleven hours in, with deferrals, overrides and a restart.',
    build: (context, now) => {
      const tick = tickOf(context, now, ok, ok);
      const events = [
        ...started(context, now - 660 * minute, 'production'),
        ...ticked(context, 4, now - 655 * minute, now - 500 * minute),
        t0At(now - 600 * minute),
        ...sensed(context, 4, now - 590 * minute, tick),
        ...longDayMarks(context, now),
        { at: now - 8_000, by: app, event: { type: 'room-opened', body: { version: '0.1.0' } } } as const,
        ...sensed(context, 5, now - 7_000, tick),
      ];
      return { events: record(context, events), tick };
    },
  },
  ...alarmScenarios,
];

/** An override, a deferral, a waiver and a note, on the items that stand open in the fifth phase. */
const longDayMarks = (context: RunContext, now: number): Told[] => {
  const later = context.runbook.phases.at(-1)?.id ?? '';
  const open = leavesOf(context, 5).slice(-12);
  const [first, second, third, fourth] = open;
  if (first === undefined || second === undefined || third === undefined || fourth === undefined) return [];
  const at = now - 300 * minute;
  return [
    {
      at,
      by: ana,
      event: {
        type: 'item-overridden',
        body: { item: first.id, reason: 'The monitor was muted for the window; read by hand at 14:02.' },
      },
    },
    {
      at: at + minute,
      by: ana,
      event: {
        type: 'item-deferred',
        body: { item: second.id, phase: later, reason: 'Business figures come in the morning.' },
      },
    },
    {
      at: at + 2 * minute,
      by: ana,
      event: { type: 'item-waived', body: { item: third.id, reason: 'No webhook changed in this release.' } },
    },
    {
      at: at + 3 * minute,
      by: ana,
      event: {
        type: 'item-noted',
        body: { item: fourth.id, text: 'Support asks whether the slower list is known. It is: see the note of 13:40.' },
      },
    },
  ];
};
