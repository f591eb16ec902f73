import type { HealthState } from '../health.ts';
import type { MetricSpec, ProbeSpec, Target } from '../target/schema.ts';
import type { Priority } from './events.ts';
import { unjudgedIntervals, unjudgedLeastMs, usualBreach } from './timing.ts';

/** A probe or metric that may raise an alarm: it says what a person does then. */
export type Subject = {
  /** "probe/health", "metric/latency-p95". */
  readonly key: string;
  readonly subject: 'probe' | 'metric';
  readonly id: string;
  readonly label: string;
  readonly todo: string;
  readonly owner: string;
  /** The probe to ask in order to see it again; null where that costs or changes something. */
  readonly ask: string | null;
  readonly breach: { readonly x: number; readonly y: number };
  /** How urgent this state of it is; null for a state that asks nobody for anything. */
  readonly priority: (state: HealthState) => Priority | null;
  /** How urgent it is that nobody can tell how it is, and after how long; null where that asks nobody for anything. */
  readonly unjudged: { readonly priority: Priority; readonly afterMs: number } | null;
  /** A heading of the document that says how to act. */
  readonly procedure: string | null;
};

export type Subjects = ReadonlyMap<string, Subject>;

export const keyOf = (subject: 'probe' | 'metric', id: string): string => `${subject}/${id}`;

/** The subject of an alarm by the alarm's id, and the how many-th of it that is. */
export const subjectOf = (alarm: string): string => alarm.slice(0, alarm.lastIndexOf('#'));
export const numberOf = (alarm: string): number => Number(alarm.slice(alarm.lastIndexOf('#') + 1));

/** Who acts where a target names nobody: whoever is on call. */
const usualOwner = (roles: Target['roles']): string =>
  Object.entries(roles).find(([id, { label }]) => /on.?call/iu.test(`${id} ${label}`))?.[1].label ?? 'On-call engineer';

/** What a target wrote, else: red is high where it is critical and medium elsewhere; amber is low. */
const priorityOf =
  ({ critical, priority }: Pick<ProbeSpec | MetricSpec, 'critical' | 'priority'>) =>
  (state: HealthState): Priority | null => {
    if (state === 'fail') return priority ?? (critical ? 'high' : 'medium');
    return state === 'warn' ? 'low' : null;
  };

/** Only what is critical, and never as urgent as a failure that was seen: nobody knows that there is one. */
const unjudgedOf = (spec: ProbeSpec | MetricSpec, asked: ProbeSpec | undefined): Subject['unjudged'] => {
  if (!spec.critical) return null;
  const { every = 0, deadline = 0, once = false } = asked ?? {};
  const intervalMs = once ? 0 : Math.max(every, deadline);
  return {
    priority: spec.priority === 'low' ? 'low' : 'medium',
    afterMs: Math.max(unjudgedLeastMs, unjudgedIntervals * intervalMs),
  };
};

/** Everything that may raise an alarm, by key. Without "what to do" there is nothing to respond with, so no alarm. */
export const subjectsOf = ({ probes, metrics, roles }: Pick<Target, 'probes' | 'metrics' | 'roles'>): Subjects => {
  const usual = usualOwner(roles);
  const entry = (
    subject: 'probe' | 'metric',
    id: string,
    spec: ProbeSpec | MetricSpec,
    own: Pick<Subject, 'ask' | 'breach'>,
  ): readonly [string, Subject][] => {
    if (spec.todo === undefined) return [];
    const owner = spec.owner === undefined ? usual : (roles[spec.owner]?.label ?? spec.owner);
    const key = keyOf(subject, id);
    const { label, todo, procedure = null } = spec;
    const unjudged = unjudgedOf(spec, probes['probe' in spec ? spec.probe : id]);
    return [[key, { key, subject, id, label, todo, owner, procedure, unjudged, priority: priorityOf(spec), ...own }]];
  };
  const single = { x: 1, y: 1 };
  const askable = (probe: string): string | null => (probes[probe]?.once === true ? null : probe);
  return new Map([
    ...Object.entries(probes).flatMap(([id, spec]) => {
      const breach = spec.once ? single : (spec.breach ?? usualBreach);
      return entry('probe', id, spec, { ask: askable(id), breach });
    }),
    ...Object.entries(metrics).flatMap(([id, spec]) => {
      // A breach of its own is counted before the tile turns: it is not counted twice.
      const breach = spec.breach !== undefined || probes[spec.probe]?.once === true ? single : usualBreach;
      return entry('metric', id, spec, { ask: askable(spec.probe), breach });
    }),
  ]);
};

type Parts = Pick<Target, 'probes' | 'metrics'>;

/** The key of a probe or metric; no id stands for both. */
export const keyIn = ({ probes }: Parts, id: string): string => keyOf(id in probes ? 'probe' : 'metric', id);

const needsOf = ({ probes, metrics }: Parts, id: string): readonly string[] => {
  const metric = metrics[id];
  return metric === undefined ? (probes[id]?.needs ?? []) : [metric.probe, ...(metric.needs ?? [])];
};

/** The ids of all that a probe or metric rests on, nearest first. A ring of needs ends where it began. */
export const restsOn = (target: Parts, id: string): readonly string[] => {
  const found = new Set<string>();
  const next = [...needsOf(target, id)];
  for (let one = next.shift(); one !== undefined; one = next.shift()) {
    if (found.has(one) || one === id) continue;
    found.add(one);
    next.push(...needsOf(target, one));
  }
  return [...found];
};

/** The failing one that explains a failure: of those it rests on, one that rests on no failing one itself. */
export const causeOf = (target: Parts, id: string, failing: (id: string) => boolean): string | null => {
  const down = restsOn(target, id).filter(failing);
  return down.find((one) => !restsOn(target, one).some(failing)) ?? down[0] ?? null;
};
