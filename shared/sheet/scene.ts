import type { HealthTick, Point, RunContext } from '../contract.ts';
import type { Actor, EventBody, NewEvent } from '../events.ts';
import {
  alarmed,
  leavesOf,
  minute,
  ok,
  record,
  sensed,
  started,
  t0At,
  ticked,
  tickOf,
  ana,
  app,
} from '../scenario-parts.ts';
import type { Told } from '../scenario-parts.ts';
import { planOf } from '../schedule/due.ts';
import { signOffPlan } from '../sign-off/lines.ts';
import type { SheetData } from './model.ts';

/** A run with something of everything that a sheet can show, for whoever looks at paper without a deployment. */

const hour = 60 * minute;
const person = (name: string, role: string): Actor => ({ kind: 'person', name, role, via: 'desk' });
const grace = person('Grace Hopper', 'Engineering Lead');
const samir = person('Samir Østergård-Nakamura', 'DevOps/SRE');
const digest = 'c0ffee'.padEnd(64, '5');

const told = (at: number, by: Actor, event: NewEvent): Told => ({ at, by, event });

type Judged = EventBody<'verdict-given'>['metrics'][number];

const compared = ({ target }: RunContext) => Object.entries(target.metrics).filter(([, { compared: on }]) => on);

const baseline = (context: RunContext, tick: HealthTick): EventBody<'baseline-taken'> => ({
  ...{ from: tick.at - 11 * hour, to: tick.at - 10 * hour, points: digest, version: '2.14.3' },
  ...{ automatic: false, incident: false, warnings: ['Two of the sixty minutes before hold no requests.'] },
  metrics: compared(context).map(([metric, { label, unit }]) => {
    const value = tick.points[metric]?.[0]?.[1] ?? null;
    const [p50, p95, p99] = [1, 1.6, 2.1].map((times) => (value === null ? null : value * times));
    return { metric, label, unit, n: 1_204, p50: p50!, p95: p95!, p99: p99!, value, text: '' };
  }),
  pins: [{ label: 'Image', value: 'registry.example/backend-api@sha256:9f2c4be1' }],
});

const verdict = (context: RunContext, now: number): EventBody<'verdict-given'> => {
  const states = ['better', 'similar', 'worse', 'shape-changed', 'not-enough-data'] as const;
  const metrics = compared(context).map(([metric, { label, unit }], at): Judged => {
    const state = states[at % states.length] ?? 'similar';
    const sentence = `${label} is ${state.replaceAll('-', ' ')}: between 3 and 9 % above the hour before, at 95 %.`;
    const finding = { finding: state, sentence };
    const votes = { limits: finding, change: finding, counts: finding };
    return { metric, label, unit, state, value: 1, baseline: 1, n: { current: 900, baseline: 1_204 }, sentence, votes };
  });
  const reasons = ['One critical metric is worse than before, and inside its limits.'];
  return {
    ...{ baseline: null, from: now - 10 * hour, to: now - 9 * hour, look: 4, of: 5, leftOutMs: 120_000 },
    ...{ recommendation: 'hold', reasons, metrics, digest },
  };
};

/** What went past the rules, one of each kind. */
const exceptions = (context: RunContext, at: number, now: number): readonly Told[] => {
  const [first, second, third] = leavesOf(context, 4).slice(-9);
  const later = context.runbook.phases.at(-1)?.id ?? '';
  const shelved = { alarm: 'metric/certificate#1', label: 'Certificate' };
  const reason = 'The monitor was muted for the window; read by hand at 14:02, and again at 14:20.';
  if (first === undefined || second === undefined || third === undefined) return [];
  return [
    told(at, ana, { type: 'item-overridden', body: { item: first.id, reason } }),
    told(at + 1, ana, { type: 'item-deferred', body: { item: second.id, phase: later, reason } }),
    told(at + 2, ana, { type: 'item-waived', body: { item: third.id, reason } }),
    told(at + 3, ana, { type: 'item-noted', body: { item: third.id, text: `متأخر ${'long words '.repeat(200)}部署` } }),
    told(at + 4, ana, { type: 'alarm-shelved', body: { ...shelved, until: now + 20 * minute, reason } }),
    told(at + 5, app, { type: 'clock-moved', body: { byMs: -42 * minute } }),
    told(at + 6, samir, {
      type: 'gate-bypassed',
      body: { gate: 'g', title: 'Go or no-go', phase: null, first: 'Ana Ruiz', reason },
    }),
  ];
};

const rounds = ({ runbook }: RunContext, t0: number): readonly Told[] =>
  [...planOf(runbook).rounds.values()].slice(0, 14).map((round, at) => {
    const dueAt = t0 + round.offsetMs;
    const of = { round: round.id, title: round.title, dueAt, latenessMs: 900 };
    if (at % 5 === 4) return told(dueAt + 900, app, { type: 'round-missed', body: { ...of, why: 'asleep' } });
    const readings = round.readings.map(({ id }, index) => ({
      ...{ reading: id, value: `${112 + index * 7 + at}`, state: 'ok' as const, sentence: 'Inside its line.' },
      ...{ sources: [], sampleAt: dueAt },
    }));
    return told(dueAt + 900, app, { type: 'round-captured', body: { ...of, readings, left: [] } });
  });

const incident = (at: number): readonly Told[] => {
  const body = { incident: 'i1', title: 'Login is slow for a tenth of the users', severity: 'Major' };
  return [
    told(at, ana, { type: 'incident-opened', body: { ...body, from: { kind: 'person', id: null } } }),
    told(at + 4 * minute, ana, {
      type: 'incident-noted',
      body: { incident: 'i1', text: 'The pool is at 92 %; scaled to 40 connections.', corrects: null },
    }),
    told(at + 20 * minute, grace, {
      type: 'incident-resolved',
      body: { incident: 'i1', sentence: 'Back to 110 ms for ten minutes.' },
    }),
    told(at + 21 * minute, grace, {
      type: 'action-added',
      body: { incident: 'i1', action: 'a1', text: 'Alert on the pool at 80 %', owner: 'Samir', dueAt: null },
    }),
  ];
};

const signatures = ({ runbook }: RunContext, at: number): readonly Told[] => {
  const path = 'M40 90L90 40L120 110L170 60L210 120L260 70L330 100L420 60';
  const hows: readonly EventBody<'sign-off-signed'>['how'][] = [
    { kind: 'drawn', path },
    { kind: 'typed' },
    { kind: 'ink' },
  ];
  const by = [grace, ana, samir] as const;
  return signOffPlan(runbook)
    .lines.slice(0, 3)
    .map(({ id: line, stage, role }, index) => {
      const who = by[index % by.length] ?? ana;
      const name = who.kind === 'person' ? who.name : '';
      const how = hows[index % hows.length] ?? { kind: 'typed' };
      const body = { line, stage, role, name, how, verdict: digest };
      return told(at + index * minute, who, { type: 'sign-off-signed', body });
    });
};

/** Eleven hours of a run, with the curves that its sheets draw. `text` is the document that the context holds. */
export const sheetScene = (context: RunContext, text: string, now: number): SheetData => {
  const tick = tickOf(context, now, ok, ok);
  const t0 = now - 10 * hour;
  const events = record(context, [
    ...started(context, now - 11 * hour, 'production'),
    ...ticked(context, 4, now - 10.9 * hour, now - 9 * hour),
    told(t0 - 60_000, ana, { type: 'baseline-taken', body: baseline(context, tick) }),
    t0At(t0),
    ...sensed(context, 4, t0 + 10 * minute, tick),
    ...rounds(context, t0),
    ...exceptions(context, t0 + 2 * hour, now),
    alarmed(context, 'latency-p95', t0 + 3 * hour - minute),
    ...incident(t0 + 3 * hour),
    told(now - 30 * minute, ana, { type: 'verdict-given', body: verdict(context, now) }),
    ...signatures(context, now - 20 * minute),
  ]);
  const stretched = (points: readonly Point[]): readonly Point[] =>
    points.map(([at, value]) => [now - (now - at) * 120, value]);
  const contact = { slack: '#deployments', email: 'team@example.com' };
  return {
    document: { name: context.runbookName, sha256: context.runbookSha256, text, runbook: context.runbook },
    ...{ target: context.target, bindings: context.bindings, at: now, zone: 'Europe/Berlin' },
    contacts: context.runbook.contacts.map(({ role }, at) => ({
      ...{
        ...contact,
        role,
        name: at % 2 === 0 ? 'Samir Østergård-Nakamura' : 'Ana Ruiz',
        phone: `+49 30 901820-${at}`,
      },
    })),
    run: {
      id: context.runId,
      events,
      head: { seq: events.length, hash: digest },
      newer: 0,
      points: Object.fromEntries(Object.entries(tick.points).map(([metric, own]) => [metric, stretched(own)])),
      picture: null,
    },
  };
};
