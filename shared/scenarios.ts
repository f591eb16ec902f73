import type { HealthTick, Point, RunContext } from './contract.ts';
import type { Actor, NewEvent, RecordedEvent } from './events.ts';
import type { Health, HealthState } from './health.ts';
import type { ItemId } from './runbook/model.ts';
import { itemsIn } from './scenario-items.ts';
import type { MetricSpec, Target } from './target/schema.ts';

/** What a window would have received by some moment of a run: events in order, and the live health of that moment. */
export type Scenario = {
  readonly name: string;
  readonly sentence: string;
  readonly build: (
    context: RunContext,
    now: number,
  ) => { readonly events: readonly RecordedEvent[]; readonly tick: HealthTick };
};

const ana: Actor = { kind: 'person', name: 'Ana Ruiz', role: 'On-call engineer', via: 'desk' };
const app: Actor = { kind: 'app' };
const minute = 60_000;

type Told = { readonly at: number; readonly by: Actor; readonly event: NewEvent };

const record = (context: RunContext, told: readonly Told[]): readonly RecordedEvent[] =>
  told
    .toSorted((a, b) => a.at - b.at)
    .map(
      ({ at, by, event }, index) =>
        ({ ...event, seq: index + 1, at, runId: context.runId, by, prevHash: '', hash: '' }) as RecordedEvent,
    );

const started = (context: RunContext, at: number, environment: Target['environment']): Told[] => [
  {
    at,
    by: ana,
    event: {
      type: 'run-started',
      body: {
        title: context.runbook.title,
        service: context.target.service,
        environment,
        release: '2.15.0',
        practice: environment === 'practice',
        items: itemsIn(context, context.runbook.phases.length).length,
        runbook: { name: context.runbookName, sha256: context.runbookSha256 },
        target: { name: 'target.yaml', sha256: context.runbookSha256 },
        plannedT0: null,
      },
    },
  },
  { at: at + 10, by: app, event: { type: 'room-opened', body: { version: '0.1.0' } } },
  { at: at + 900, by: ana, event: { type: 'operator-joined', body: { name: 'Ana Ruiz', role: 'On-call engineer' } } },
];

const wave = (index: number, seed: number): number =>
  Math.sin(index / 5 + seed) * 0.5 + Math.sin(index / 1.7 + seed * 3) * 0.25;

/** A value comfortably on the good side of the metric's lines, or past the named one. */
const valueFor = (spec: MetricSpec, state: HealthState): number => {
  const target = spec.target ?? spec.alert;
  const below = target?.op.startsWith('<') ?? true;
  const line = target?.value ?? 40;
  if (state === 'fail') return below ? (spec.alert?.value ?? line) * 1.4 + 1 : (spec.alert?.value ?? line) * 0.7;
  if (state === 'warn') return below ? line * 1.2 + 1 : line * 0.9;
  return below ? line * 0.55 : line * 1.25;
};

const words: Partial<Record<HealthState, string>> = {
  little: 'Not enough data: 612 of the 2,995 requests that are needed.',
  stale: 'Nothing has come in for two intervals.',
  unknown: 'The probe could not tell: the answer was no JSON.',
  internal: 'War Room met a fault of its own while reading this.',
  absent: 'Not available in this practice run: no redis-server on this machine.',
};

const silent: readonly HealthState[] = ['pending', 'absent', 'unknown', 'internal'];

const healthOf = (
  id: string,
  state: HealthState,
  value: number | null,
  unit: string,
  digits: number,
  at: number,
): Health => {
  const text =
    value === null || silent.includes(state) ? '' : `${value.toFixed(digits)}${unit === '' ? '' : ` ${unit}`}`;
  return {
    id,
    state,
    value: text === '' ? null : value,
    text,
    sentence: words[state] ?? `${text}, from 1,204 readings in the last 2 minutes.`,
    at: state === 'pending' || state === 'absent' ? null : state === 'stale' ? at - 130_000 : at - 2_000,
    n: 1_204,
  };
};

type States = (id: string, index: number) => HealthState;

const tickOf = ({ target }: RunContext, now: number, metricStates: States, probeStates: States): HealthTick => {
  const points: Record<string, readonly Point[]> = {};
  const metrics = Object.entries(target.metrics).map(([id, spec], index) => {
    const state = metricStates(id, index);
    const well = valueFor(spec, 'ok');
    const end = valueFor(spec, state);
    if (!silent.includes(state))
      points[id] = Array.from({ length: 60 }, (_, i): Point => {
        const drift = i < 40 ? 0 : (i - 40) / 20;
        return [now - (60 - i) * 5_000, Math.max(0, well + (end - well) * drift + well * 0.06 * wave(i, index))];
      });
    return healthOf(id, state, points[id]?.at(-1)?.[1] ?? null, spec.unit, spec.digits, now);
  });
  const probes = Object.keys(target.probes).map((id, index) =>
    healthOf(id, probeStates(id, index), 12 + index * 7, 'ms', 0, now),
  );
  return { at: now, metrics, probes, points };
};

const ok: States = () => 'ok';

const ticked = (context: RunContext, phases: number, from: number, to: number): Told[] => {
  const items = itemsIn(context, phases).filter(({ by }) => by !== 'sensed');
  return items.map(({ id }, index) => ({
    at: from + ((to - from) * index) / Math.max(1, items.length),
    by: ana,
    event: { type: 'item-ticked', body: { item: id, value: null } },
  }));
};

const sensed = (
  context: RunContext,
  phases: number,
  at: number,
  state: (id: ItemId, index: number) => HealthState,
): Told[] =>
  itemsIn(context, phases)
    .filter(({ by }) => by === 'sensed')
    .map(({ id, sources }, index) => ({
      at: at + index * 130,
      by: app,
      event: {
        type: 'item-sensed',
        body: {
          item: id,
          state: state(id, index),
          value: state(id, index) === 'ok' ? '84 ms' : '',
          sentence: words[state(id, index)] ?? 'Answered 200 in 84 ms, 3 of the last 3.',
          sources: [...sources],
          sampleAt: at,
        },
      },
    }));

const t0At = (at: number): Told => ({
  at,
  by: { kind: 'probe', probe: 'health' },
  event: { type: 't0-set', body: { t0: at, source: 'probe', sentence: 'version 2.15.0 answers at Health' } },
});

const failed = (context: RunContext, id: string, at: number): Told => ({
  at,
  by: app,
  event: {
    type: 'health-changed',
    body: {
      subject: 'metric',
      id,
      label: context.target.metrics[id]?.label ?? id,
      from: 'ok',
      to: 'fail',
      text: '1,401 ms',
      sentence: '1,401 ms at the 95th percentile of 1,204 requests; the limit is 1,000 ms.',
      sampleAt: at,
    },
  },
});

const states: readonly HealthState[] = [
  'ok',
  'shaky',
  'warn',
  'fail',
  'unknown',
  'stale',
  'little',
  'internal',
  'pending',
  'absent',
];

export const scenarios: readonly Scenario[] = [
  {
    name: 'calm',
    sentence: 'Four minutes after T-0, everything well.',
    build: (context, now) => ({
      events: record(context, [
        ...started(context, now - 50 * minute, context.target.environment),
        ...ticked(context, 2, now - 48 * minute, now - 6 * minute),
        t0At(now - 4 * minute),
        ...sensed(context, 3, now - 3 * minute, () => 'ok'),
      ]),
      tick: tickOf(context, now, ok, ok),
    }),
  },
  {
    name: 'degraded',
    sentence: 'In production, four minutes after T-0, latency has left its limit.',
    build: (context, now) => ({
      events: record(context, [
        ...started(context, now - 50 * minute, 'production'),
        ...ticked(context, 2, now - 48 * minute, now - 6 * minute),
        t0At(now - 4 * minute),
        ...sensed(context, 3, now - 3 * minute, () => 'ok'),
        ...sensed(context, 3, now - 1 * minute, (id, index) =>
          id.includes('latency') ? 'fail' : index % 9 === 4 ? 'little' : 'ok',
        ),
        failed(context, 'latency-p95', now - 95_000),
      ]),
      tick: tickOf(
        context,
        now,
        (id) => (id === 'latency-p95' ? 'fail' : id === 'pool-usage' ? 'warn' : id === 'error-rate' ? 'little' : 'ok'),
        (id) => (id.includes('redis') ? 'shaky' : 'ok'),
      ),
    }),
  },
  {
    name: 'every-state',
    sentence: 'Each state beside the others: none may be taken for another.',
    build: (context, now) => ({
      events: record(context, [
        ...started(context, now - 9 * minute, 'staging'),
        t0At(now - 2 * minute),
        ...sensed(context, 7, now - minute, (_, index) => states[index % states.length] ?? 'ok'),
      ]),
      tick: tickOf(
        context,
        now,
        (_, index) => states[index % states.length] ?? 'ok',
        (_, index) => states[index % states.length] ?? 'ok',
      ),
    }),
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
    build: (context, now) => ({
      events: record(context, [
        ...started(context, now - 11 * 60 * minute, 'production'),
        ...ticked(context, 4, now - 660 * minute, now - 500 * minute),
        t0At(now - 600 * minute),
        ...sensed(context, 4, now - 590 * minute, () => 'ok'),
        ...longDayMarks(context, now),
        { at: now - 8_000, by: app, event: { type: 'room-opened', body: { version: '0.1.0' } } },
      ]),
      tick: tickOf(context, now, ok, ok),
    }),
  },
];

/** An override, a deferral, a waiver and a note, on the items that stand open in the fifth phase. */
const longDayMarks = (context: RunContext, now: number): Told[] => {
  const later = context.runbook.phases.at(-1)?.id ?? '';
  const open = itemsIn(context, 5).slice(-12);
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
