import type { RunContext } from '../contract.ts';
import type { HealthState } from '../health.ts';
import { ana, app, minute, ok, record, started, t0At, ticked, tickOf } from '../scenario-parts.ts';
import type { Told } from '../scenario-parts.ts';
import type { Scenario } from '../scenarios.ts';
import { causeOf, keyIn, keyOf, subjectsOf } from './subjects.ts';
import { unjudgedTodo } from './unjudged.ts';

/** What the room would have written down, had these failed at that moment, or had nobody been able to judge them. */
const raised = (context: RunContext, ids: readonly string[], at: number, unjudged = false): readonly Told[] => {
  const { target } = context;
  const subjects = subjectsOf(target);
  return ids.flatMap((id): readonly Told[] => {
    const spec = subjects.get(keyIn(target, id));
    if (spec === undefined) return [];
    const { key, subject, label, todo, owner } = spec;
    const cause = causeOf(target, id, (other) => ids.includes(other));
    const because = cause === null ? {} : { because: target.probes[cause]?.label ?? cause };
    const own = { alarm: `${key}#1`, subject, id, label, owner, cause, ...because };
    if (unjudged) {
      const sentence = `${label}: no answer for 48 s; the last was: verified 6 h ago.`;
      const body = { ...own, priority: 'medium' as const, sentence, todo: unjudgedTodo(label, 'stale') };
      return [{ at, by: app, event: { type: 'alarm-unjudged', body } }];
    }
    const sentence = `${label}: answered 503 in 12 ms, but expected 200.`;
    const body = { ...own, priority: spec.priority('fail') ?? 'medium', sentence, todo };
    return [{ at, by: app, event: { type: 'alarm-raised', body } }];
  });
};

const failing =
  (ids: readonly string[]) =>
  (id: string): HealthState =>
    ids.includes(id) ? 'fail' : 'ok';

const opened = (context: RunContext, now: number): readonly Told[] => [
  ...started(context, now - 50 * minute, 'production'),
  ...ticked(context, 2, now - 48 * minute, now - 6 * minute),
  t0At(now - 40 * minute),
];

/** An alarm's name and id for the entries after its first. */
const named = ({ target }: RunContext, id: string): { readonly alarm: string; readonly label: string } => {
  const kind = id in target.probes ? 'probe' : 'metric';
  const label = (target.probes[id] ?? target.metrics[id])?.label ?? id;
  return { alarm: `${keyOf(kind, id)}#1`, label };
};

const database = ['postgres', 'database-state', 'login', 'messages', 'conversations', 'ready'];

export const alarmScenarios: readonly Scenario[] = [
  {
    name: 'alarms',
    sentence:
      'The database is gone; one alarm is acknowledged, one flaps, one lies on a shelf, one is over, one cannot be judged.',
    build: (context, now) => {
      const others = ['websocket', 'certificate', 'names', 'status-page'];
      const tick = tickOf(context, now, ok, failing([...database, 'websocket', 'certificate']));
      const until = now + 21 * minute;
      const reason = 'The new certificate is being rolled out; Sam watches it.';
      const events: readonly Told[] = [
        ...opened(context, now),
        ...raised(context, others, now - 9 * minute),
        ...raised(context, database, now - 95_000),
        ...raised(context, ['backups'], now - 20_000, true),
        {
          at: now - 8 * minute,
          by: app,
          event: { type: 'alarm-chattering', body: { ...named(context, 'websocket'), flaps: 4 } },
        },
        {
          at: now - 7 * minute,
          by: ana,
          event: { type: 'alarm-shelved', body: { ...named(context, 'certificate'), until, reason } },
        },
        { at: now - 6 * minute, by: ana, event: { type: 'alarm-acknowledged', body: named(context, 'websocket') } },
        {
          at: now - 5 * minute,
          by: app,
          event: { type: 'alarm-cleared', body: { ...named(context, 'names'), sentence: 'It resolves again.' } },
        },
      ];
      return { events: record(context, events), tick };
    },
  },
  {
    name: 'alarm-flood',
    sentence: 'Everything fails at once: one line a cause, one tone.',
    build: (context, now) => {
      const all = [...subjectsOf(context.target).values()].map(({ id }) => id);
      const tick = tickOf(context, now, failing(all), failing(all));
      const events: readonly Told[] = [
        ...opened(context, now),
        ...raised(context, all, now - 40_000),
        { at: now - 39_000, by: app, event: { type: 'alarm-flood-started', body: { count: all.length } } },
      ];
      return { events: record(context, events), tick };
    },
  },
];
