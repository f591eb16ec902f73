import type { HealthTick, Point, RunContext } from './contract.ts';
import type { Actor, NewEvent, RecordedEvent } from './events.ts';
import { formatValue } from './format.ts';
import { worst } from './health.ts';
import type { Health, HealthState } from './health.ts';
import type { ItemId } from './runbook/model.ts';
import { itemsOf } from './runbook/walk.ts';
import type { Binding, MetricSpec, Target } from './target/schema.ts';

export const ana: Actor = { kind: 'person', name: 'Ana Ruiz', role: 'On-call engineer', via: 'desk' };
export const app: Actor = { kind: 'app' };
export const minute = 60_000;

export type Told = { readonly at: number; readonly by: Actor; readonly event: NewEvent };

type Leaf = { readonly id: ItemId; readonly by: Binding['by']; readonly sources: readonly string[] };

/** The items without children of the first `phases` phases, with what answers them. */
export const leavesOf = ({ runbook, bindings }: RunContext, phases: number): readonly Leaf[] => {
  const bound = new Map(bindings.map((binding) => [binding.item, binding]));
  return runbook.phases
    .slice(0, phases)
    .flatMap(itemsOf)
    .filter((item) => item.children.length === 0)
    .map(({ id }) => {
      const binding = bound.get(id);
      return { id, by: binding?.by ?? 'human', sources: [...(binding?.metrics ?? []), ...(binding?.probes ?? [])] };
    });
};

export const record = (context: RunContext, told: readonly Told[]): readonly RecordedEvent[] =>
  told
    .toSorted((a, b) => a.at - b.at)
    .map(
      ({ at, by, event }, index) =>
        ({ ...event, seq: index + 1, at, runId: context.runId, by, prevHash: '', hash: '' }) as RecordedEvent,
    );

export const started = (context: RunContext, at: number, environment: Target['environment']): Told[] => [
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
        items: leavesOf(context, context.runbook.phases.length).length,
        runbook: { name: context.runbookName, sha256: context.runbookSha256 },
        target: { name: 'target.yaml', sha256: context.runbookSha256 },
        plannedT0: null,
      },
    },
  },
  { at: at + 10, by: app, event: { type: 'room-opened', body: { version: '0.1.0' } } },
  { at: at + 900, by: ana, event: { type: 'operator-joined', body: { name: 'Ana Ruiz', role: 'On-call engineer' } } },
];

/** Noise that is the same every time: between -1 and 1. */
const noise = (index: number, seed: number): number => {
  const grain = Math.sin(index * 127.1 + seed * 311.7) * 43_758.5453;
  return (grain - Math.floor(grain) - 0.5) * 1.4 + Math.sin(index / 9 + seed) * 0.4;
};

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
  const text = value === null || silent.includes(state) ? '' : formatValue(value, unit, digits);
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

export type States = (id: string, index: number) => HealthState;

export const tickOf = ({ target }: RunContext, now: number, metricStates: States, probeStates: States): HealthTick => {
  const points: Record<string, readonly Point[]> = {};
  const metrics = Object.entries(target.metrics).map(([id, spec], index) => {
    const state = metricStates(id, index);
    const well = valueFor(spec, 'ok');
    const end = valueFor(spec, state);
    if (!silent.includes(state))
      points[id] = Array.from({ length: 60 }, (_, i): Point => {
        const drift = i < 40 ? 0 : (i - 40) / 20;
        return [now - (60 - i) * 5_000, Math.max(0, well + (end - well) * drift + well * 0.06 * noise(i, index))];
      });
    return healthOf(id, state, points[id]?.at(-1)?.[1] ?? null, spec.unit, spec.digits, now);
  });
  const probes = Object.keys(target.probes).map((id, index) =>
    healthOf(id, probeStates(id, index), 12 + index * 7, 'ms', 0, now),
  );
  return { at: now, metrics, probes, points };
};

export const ok: States = () => 'ok';

export const ticked = (context: RunContext, phases: number, from: number, to: number): Told[] => {
  const items = leavesOf(context, phases).filter(({ by }) => by !== 'sensed');
  return items.map(({ id }, index) => ({
    at: from + ((to - from) * index) / Math.max(1, items.length),
    by: ana,
    event: { type: 'item-ticked', body: { item: id, value: null } },
  }));
};

/** What the room would have written down about the sensed items of the first phases, had this tick just come in. */
export const sensed = (context: RunContext, phases: number, at: number, tick: HealthTick): readonly Told[] => {
  const health = new Map([...tick.probes, ...tick.metrics].map((each) => [each.id, each]));
  return leavesOf(context, phases)
    .filter(({ by }) => by === 'sensed')
    .flatMap(({ id, sources }, index): Told[] => {
      const answers = sources.flatMap((source) => health.get(source) ?? []);
      const state = worst(answers.map((answer) => answer.state));
      const value = answers.map(({ text }) => text).join(' · ');
      const sentence = answers.find((answer) => answer.state === state)?.sentence ?? '';
      const body = { item: id, state, value, sentence, sources: [...sources], sampleAt: at };
      return state === 'pending' ? [] : [{ at: at + index * 130, by: app, event: { type: 'item-sensed', body } }];
    });
};

export const t0At = (at: number): Told => ({
  at,
  by: { kind: 'probe', probe: 'health' },
  event: { type: 't0-set', body: { t0: at, source: 'probe', sentence: 'version 2.15.0 answers at Health' } },
});

export const failed = (context: RunContext, id: string, at: number): Told => ({
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

/** The alarm that follows from it. */
export const alarmed = (context: RunContext, id: string, at: number): Told => ({
  at,
  by: app,
  event: {
    type: 'alarm-raised',
    body: {
      alarm: `metric/${id}#1`,
      label: context.target.metrics[id]?.label ?? id,
      subject: 'metric',
      id,
      priority: 'high',
      sentence: '1,401 ms at the 95th percentile of 1,204 requests; the limit is 1,000 ms.',
      todo: 'Look at the slow queries, then at what was deployed.',
      owner: 'On-Call Engineer',
      cause: null,
    },
  },
});
