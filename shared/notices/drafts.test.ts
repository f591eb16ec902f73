import { expect, it } from 'vitest';
import type { Actor, NewEvent, RecordedEvent, RunId } from '../events.ts';
import { draftsOf } from './drafts.ts';
import type { Message } from './model.ts';
import { together, wordsOf } from './model.ts';
import { noticeRunProjection } from './run.ts';

const bo: Actor = { kind: 'person', name: 'Bo', role: null, via: 'desk' };
const why = 'checkout fails for everybody';

/** The messages of a run in which these things happen one after another. */
const told = (events: readonly NewEvent[], practice = false): readonly Message[] => {
  const all: readonly NewEvent[] = [
    {
      type: 'run-started',
      body: {
        title: 'Release',
        service: 'shop',
        environment: practice ? 'practice' : 'production',
        release: '1.2.3',
        practice,
        items: 1,
        runbook: { name: 'r', sha256: '0'.repeat(64) },
        target: { name: 't', sha256: '0'.repeat(64) },
        plannedT0: 1_700_000_000_000,
      },
    },
    ...events,
  ];
  let run = noticeRunProjection.init(null);
  return all.flatMap((event, at) => {
    const recorded = {
      ...event,
      seq: at + 1,
      at: 1_700_000_000_000 + at,
      runId: 'run' as RunId,
      by: bo,
      prevHash: '',
      hash: String(at).repeat(64),
    } as RecordedEvent;
    run = noticeRunProjection.apply(run, recorded);
    return draftsOf(recorded, run, 'Engineering Lead');
  });
};

const alarm = (n: number, priority: 'high' | 'medium' = 'medium', cause: string | null = null): NewEvent => ({
  type: 'alarm-raised',
  body: {
    alarm: `probe/p${n}#1`,
    label: `Probe ${n}`,
    subject: 'probe',
    id: `p${n}`,
    priority,
    sentence: 'It does not answer.',
    todo: 'Restart it.',
    owner: 'On-call',
    cause,
  },
});

const proposed: NewEvent = {
  type: 'rollback-proposed',
  body: {
    rollback: 'r1',
    purpose: 'rollback',
    source: 'person',
    reason: why,
    answers: { critical: true, fixable: false, migrations: 'none' },
    from: '1.2.3',
    to: '1.2.2',
  },
};

it('tells the lead of a rollback at once, loudly of break-glass, and resolves it when the service is back', () => {
  const messages = told([
    proposed,
    { type: 'rollback-authorised', body: { rollback: 'r1', how: 'break-glass', lead: null, reason: why } },
    { type: 'rollback-confirmed', body: { rollback: 'r1', purpose: 'rollback', key: 'k'.repeat(32), typed: 'shop' } },
    { type: 'rollback-finished', body: { rollback: 'r1', tookMs: 1, sentence: 'Done in 1 s.' } },
    { type: 'rollback-recovered', body: { rollback: 'r1', back: true, sentence: 'All well for 5 min.' } },
  ]).filter(({ audience, subject }) => audience === 'team' && subject === 'rollback/r1');
  expect(messages.map(({ occasion, verb, tone, to }) => [occasion, verb, tone, to])).toEqual([
    ['rollback-proposed', 'raise', 'critical', 'Engineering Lead'],
    ['break-glass', 'raise', 'critical', 'Engineering Lead'],
    ['rollback-proposed', 'acknowledge', 'critical', null],
    ['rollback-ended', 'inform', 'info', null],
    ['recovered', 'resolve', 'good', null],
  ]);
  expect(messages[1]?.title).toBe('BREAK-GLASS: Bo authorised without the Engineering Lead: shop');
});

it('raises, acknowledges and resolves an alarm under one subject, with what to do and who acts', () => {
  const messages = told([
    alarm(1, 'high'),
    { type: 'alarm-acknowledged', body: { alarm: 'probe/p1#1', label: 'Probe 1' } },
    { type: 'alarm-cleared', body: { alarm: 'probe/p1#1', label: 'Probe 1', sentence: 'It answers.' } },
    alarm(2, 'high', 'p1'),
  ]).filter(({ occasion }) => occasion.startsWith('alarm'));
  expect(messages.map(({ verb, subject }) => [verb, subject])).toEqual([
    ['raise', 'alarm/probe/p1#1'],
    ['acknowledge', 'alarm/probe/p1#1'],
    ['resolve', 'alarm/probe/p1#1'],
  ]);
  expect(messages[0]?.text).toBe('It does not answer. What to do: Restart it. Who acts: On-call.');
});

it('tells a flood once, and in it only what is urgent', () => {
  const messages = told([
    { type: 'alarm-flood-started', body: { count: 11 } },
    alarm(1),
    alarm(2, 'high'),
    alarm(3),
    { type: 'alarm-flood-ended', body: { count: 4 } },
  ]).filter(({ occasion }) => occasion.startsWith('alarm'));
  expect(messages.map(({ title }) => title)).toEqual([
    'ALARM FLOOD: 11 new alarms in ten minutes (shop)',
    'ALARM, high: Probe 2 (shop)',
    'The alarm flood is over (shop)',
  ]);
});

it('tells gates as they are decided, a no-go at once, and the public of the maintenance alone', () => {
  const gate = { gate: 'g', title: 'Before the deploy' };
  const messages = told([
    { type: 'gate-voted', body: { ...gate, role: 'Lead', go: true, reason: null } },
    { type: 'gate-voted', body: { ...gate, role: 'DBA', go: false, reason: 'the replica lags behind' } },
    { type: 'gate-decided', body: { ...gate, phase: null, decision: 'keep', untilMs: null, reason: null } },
    { type: 't0-set', body: { t0: 1_700_000_000_000, source: 'person', sentence: 'set by Bo' } },
    { type: 'run-closed', body: { outcome: 'complete', open: 0, settled: 1, deferred: 0, overrides: 0, reason: null } },
  ]);
  expect(messages.filter(({ audience }) => audience === 'team').map(({ occasion }) => occasion)).toEqual([
    'run-started',
    'no-go',
    'gate',
    't0',
    'run-closed',
  ]);
  const open = messages.filter(({ audience }) => audience === 'public');
  expect(open.map(({ maintenance }) => maintenance?.status)).toEqual(['scheduled', 'in_progress', 'completed']);
  expect(open.map(wordsOf).join()).not.toMatch(/Bo|1\.2\.3|audit/v);
  expect(messages.find(({ occasion }) => occasion === 't0')?.verb).toBe('change');
});

const zeros = '0'.repeat(64);
const deploying = (rollback: string, purpose: 'deploy' | 'rollback' = 'deploy'): readonly NewEvent[] => [
  { ...proposed, body: { ...proposed.body, rollback, purpose, to: '1.2.3' } },
  {
    type: 'rollback-preflighted',
    body: {
      ...{ rollback, checks: [], passed: true, from: 'now', to: '1.2.3', plan: zeros, evidence: [], tookMs: 1 },
      place: { service: 'shop', cluster: 'c', context: null, namespace: null, identity: null },
      steps: ['1', '2'].map((id) => ({
        ...{ id, kind: 'http', label: id, timeoutMs: 1, with: {}, words: '', argv: null, effect: null },
        watching: false,
      })),
    },
  },
];
const stepStarted = (rollback: string, step: string, attempt = 1): NewEvent => ({
  type: 'step-started',
  body: { rollback, step, attempt, argv: null },
});
const t0Set: NewEvent = { type: 't0-set', body: { t0: 1_700_000_000_000, source: 'person', sentence: 'set by Bo' } };
const t0Corrected: NewEvent = { type: 't0-corrected', body: { t0: 1_700_000_000_001, reason: why } };

it.each<readonly [string, readonly NewEvent[], number]>([
  ['when people set T-0, once, whatever they correct', [t0Set, t0Corrected], 1],
  ['not when it is only proposed and checked', deploying('d1'), 0],
  [
    'when the first step of its own starts, and not at the others, a repeat or T-0',
    [...deploying('d1'), stepStarted('d1', '1'), stepStarted('d1', '1', 2), stepStarted('d1', '2'), t0Set],
    1,
  ],
  [
    'once where people set T-0 first and let War Room deploy then',
    [t0Set, ...deploying('d1'), stepStarted('d1', '1')],
    1,
  ],
  [
    'again when it is deployed again after a rollback',
    [
      ...[...deploying('d1'), stepStarted('d1', '1'), t0Set],
      { type: 'rollback-reported', body: { at: 1_700_000_000_000, who: 'Ben', reason: why } },
      ...[...deploying('d2'), stepStarted('d2', '1')],
    ],
    2,
  ],
  ['not when a rollback starts', [t0Set, ...deploying('r1', 'rollback'), stepStarted('r1', '1')], 1],
])('tells a pager and the public that it goes live %s', (_, events, times) => {
  const messages = told(events);
  expect(messages.filter(({ verb }) => verb === 'change')).toHaveLength(times);
  expect(messages.filter(({ maintenance }) => maintenance?.status === 'in_progress')).toHaveLength(times);
  // Whenever T-0 is set or corrected, the team hears of it.
  const moments = events.filter(({ type }) => type.startsWith('t0-')).length;
  expect(messages.filter(({ occasion, text }) => occasion === 't0' && text.startsWith('T-0 is'))).toHaveLength(moments);
});

it('tells who hands the shift over and who has it, and that another version of the checklist is followed, and why', () => {
  const words = { words: 'Look', said: 'ticked by Bo' };
  const messages = told([
    { type: 'handover-offered', body: { to: 'Ada', note: 'the replica lags.', open: 3, next: 'Hour 2' } },
    { type: 'handover-accepted', body: { from: 'Ann' } },
    {
      type: 'runbook-moved',
      body: {
        ...{
          from: { name: 'r', sha256: '0'.repeat(64) },
          to: { name: 'r2', sha256: '1'.repeat(64) },
          title: 'Release',
        },
        ...{ items: 2, reason: 'a step was missing', resetFrom: null, reset: [], fields: [], gates: [], phases: [] },
        ...{ counts: { kept: 1, reworded: 0, added: 2, removed: 0 }, lost: [words], dropped: [] },
      },
    },
  ]).slice(2);
  expect(messages.map(({ occasion, tone, title, text }) => [occasion, tone, title, text])).toEqual([
    [
      'handover',
      'info',
      'Bo hands the shift over to Ada: shop 1.2.3',
      'Ada takes it by accepting it in the room. Open: 3 items. Next: Hour 2. Note: the replica lags.',
    ],
    ['handover', 'good', 'Bo has the shift now: shop 1.2.3', 'Taken over from Ann.'],
    [
      'runbook-moved',
      'warning',
      'shop 1.2.3 goes on with another version of its checklist',
      'r2, 2 added, 1 answer asked again. Bo: a step was missing',
    ],
  ]);
});

it('marks practice in every title and text, and stands its audit head in every message of the team', () => {
  const messages = told([proposed, alarm(1, 'high')], true);
  expect(messages.length).toBeGreaterThan(3);
  for (const message of messages) {
    expect(message.title).toMatch(/^\[PRACTICE\] /v);
    expect(message.text).toContain('rehearsal');
    if (message.audience === 'team') expect(message.facts.join()).toMatch(/audit head \d+:\d{64}/v);
  }
});

it('makes one message of many, with a count, the first twenty by name, and the practice mark once', () => {
  const many = Array.from({ length: 33 }, (_, at) => told([alarm(at, 'high')], true).at(-1)).filter(
    (one) => one !== undefined,
  );
  const one = together(many);
  expect(one.title).toBe('[PRACTICE] 33 notices at once');
  expect(one.text.split('\n')).toHaveLength(21);
  expect(one.text).toContain('and 13 more');
});
