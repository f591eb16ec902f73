import { fc } from '../fixtures/properties.ts';
import { describe, expect, it } from 'vitest';
import type { RecordedEvent, RunId } from '../events.ts';
import { checklistProjection } from '../projections/checklist.ts';
import { roundsProjection } from '../projections/rounds.ts';
import type { Rounds } from '../projections/rounds.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { dueList, planOf } from './due.ts';
import type { DueList } from './due.ts';
import type { RoundId } from './rounds.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;

/** A section as the oracle knows it: what it says in the document, and when it is due by the words it was made from. */
type Made =
  | {
      readonly kind: 'window';
      readonly words: string;
      readonly from: number;
      readonly to: number | null;
      readonly items: number;
    }
  | { readonly kind: 'rounds'; readonly words: string; readonly moments: readonly number[]; readonly items: number };

const upTo = (step: number, end: number): number[] => {
  const moments = [];
  for (let at = step; at <= end; at += step) moments.push(at);
  return moments;
};

const items = fc.integer({ min: 1, max: 6 });
const window = (words: (n: number) => string, from: (n: number) => number, to: (n: number) => number | null) =>
  fc
    .tuple(fc.integer({ min: 2, max: 40 }), items)
    .map(([n, count]): Made => ({ kind: 'window', words: words(n), from: from(n), to: to(n), items: count }));

const made: fc.Arbitrary<Made> = fc.oneof(
  window(
    (n) => `First ${n} minutes`,
    () => 0,
    (n) => n * minute,
  ),
  window(
    (n) => `${n} hours before`,
    (n) => -n * hour,
    () => 0,
  ),
  window(
    (n) => `${n}-${n + 2} hours before`,
    (n) => -(n + 2) * hour,
    (n) => -n * hour,
  ),
  window(
    (n) => `${n} hours after`,
    (n) => n * hour,
    () => null,
  ),
  fc.tuple(fc.integer({ min: 1, max: 6 }), fc.integer({ min: 2, max: 5 }), items).map(([step, times, count]): Made => {
    const first = upTo(step * minute, step * times * minute);
    return { kind: 'rounds', words: `Every ${step} minutes for ${step * times} minutes`, moments: first, items: count };
  }),
  fc.tuple(fc.integer({ min: 2, max: 12 }), items).map(([hours, count]): Made => ({
    kind: 'rounds',
    words: `Hourly for ${hours} hours`,
    moments: upTo(hour, hours * hour),
    items: count,
  })),
  fc.tuple(fc.integer({ min: 1, max: 2 }), items).map(([weeks, count]): Made => ({
    kind: 'rounds',
    words: `Daily for ${weeks} weeks`,
    moments: upTo(day, weeks * 7 * day),
    items: count,
  })),
);

/** The moments at which something changes. */
const edgesOf = (section: Made): readonly number[] =>
  section.kind === 'rounds' ? section.moments : [section.from, ...(section.to === null ? [] : [section.to])];

/** When people look: now and then anywhere in the weeks, mostly close to a moment that matters. */
const look = fc.record({
  anywhere: fc.integer({ min: -3 * day, max: 16 * day }),
  near: fc.option(fc.nat({ max: 1_000 }), { freq: 4 }),
  delta: fc.oneof(fc.constant(0), fc.integer({ min: -6 * minute, max: 6 * minute })),
});

const textOf = (sections: readonly Made[]): string =>
  [
    '# Release',
    '## Checks',
    ...sections.flatMap((section, at) => [
      `### Part ${'abcdefgh'[at]} (${section.words})`,
      ...Array.from({ length: section.items }, (_, item) => `- [ ] Look at ${'abcdefgh'[at]} number ${item} of them`),
    ]),
  ].join('\n');

type Line = { readonly list: keyof DueList; readonly fromAt: number; readonly left: number };
const order = (lines: Line[]): Line[] =>
  lines.sort((a, b) => a.fromAt - b.fromAt || a.left - b.left || a.list.localeCompare(b.list));

/** What is due, from what the sections were made of, by counting alone. */
const oracle = (
  sections: readonly Made[],
  { t0, begun, now }: { readonly t0: number; readonly begun: number; readonly now: number },
  missed: ReadonlySet<number>,
): Line[] => {
  const lines: Line[] = [];
  // A stretch that lies wholly before the start of the run ends at T-0 instead.
  const endOf = ({ to }: { readonly to: number | null }): number | null =>
    to !== null && to < 0 && t0 + to < begun ? 0 : to;
  const visits = new Map<number, { left: number; grace: number; over: number }>();
  for (const section of sections) {
    if (section.kind === 'window') {
      const list =
        now < t0 + section.from
          ? 'next'
          : endOf(section) !== null && now >= t0 + (endOf(section) ?? 0)
            ? 'overdue'
            : 'now';
      lines.push({ list, fromAt: t0 + section.from, left: section.items });
      continue;
    }
    section.moments.forEach((moment, at) => {
      const before = at === 0 ? 0 : (section.moments[at - 1] ?? 0);
      const end = section.moments[at + 1] ?? moment + (moment - before);
      const grace = Math.min((end - moment) / 5, 5 * minute);
      const known = visits.get(moment) ?? { left: 0, grace: Infinity, over: 0 };
      visits.set(moment, {
        left: known.left + section.items,
        grace: Math.min(known.grace, grace),
        over: Math.max(known.over, end),
      });
    });
  }
  for (const [moment, { left, grace, over }] of visits) {
    const at = t0 + moment;
    const list =
      missed.has(moment) || now >= t0 + over ? 'missed' : now < at ? 'next' : now < at + grace ? 'now' : 'overdue';
    lines.push({ list, fromAt: at, left });
  }
  return order(lines);
};

const run = 'run' as RunId;
const missedEvent = (round: RoundId, seq: number): RecordedEvent => ({
  seq,
  at: 0,
  runId: run,
  type: 'round-missed',
  body: { round, title: '', dueAt: 0, latenessMs: 0, why: 'asleep' },
  by: { kind: 'app' },
  prevHash: '',
  hash: '',
});

describe('the due list', () => {
  it(
    'says the same as an oracle that never read the document, over 1,000 documents and T-0s',
    { timeout: 60_000 },
    () => {
      let seen = 0;
      fc.assert(
        fc.property(
          fc.array(made, { minLength: 1, maxLength: 6 }),
          fc.integer({ min: Date.UTC(2026, 0), max: Date.UTC(2028, 0) }),
          look,
          fc.integer({ min: 0, max: 3 }),
          fc.integer({ min: 0, max: 50 * hour }),
          (sections, t0, { anywhere, near, delta }, skip, ahead) => {
            const edges = sections.flatMap(edgesOf);
            const since = near === null ? anywhere : (edges[near % edges.length] ?? 0) + delta;
            const runbook = parseRunbook(textOf(sections));
            const plan = planOf(runbook);
            const missed = new Set(plan.visits.map(({ offsetMs }) => offsetMs).slice(0, skip));
            const events = plan.visits
              .filter(({ offsetMs }) => missed.has(offsetMs))
              .flatMap(({ rounds }) => rounds.map(({ id }, at) => missedEvent(id, at + 1)));
            const rounds: Rounds = events.reduce(roundsProjection.apply, roundsProjection.init({}));
            const checklist = checklistProjection.init({ runbook, bindings: [] });
            const now = t0 + since;
            const begun = t0 - ahead;
            const list = dueList({ ...plan, gates: [] }, { checklist, rounds, gates: new Map(), t0, begun, now });
            const lines = (Object.keys(list) as (keyof DueList)[]).flatMap((name) =>
              list[name].map(({ fromAt, left }): Line => ({ list: name, fromAt, left })),
            );
            expect(order(lines)).toEqual(oracle(sections, { t0, begun, now }, missed));
            seen += lines.length;
          },
        ),
        { numRuns: 1_000 },
      );
      expect(seen).toBeGreaterThan(5_000);
    },
  );

  it('keeps every distance across the changes of the clocks in Europe, the US, Lord Howe and Apia', () => {
    const plan = planOf(
      parseRunbook('# R\n## Watch (First 24 hours)\n### Looks (Every 30 minutes for 6 hours)\n- [ ] Look'),
    );
    const zones: readonly (readonly [string, number])[] = [
      ['Europe/Berlin', Date.UTC(2027, 9, 31, 0, 10)],
      ['Europe/Berlin', Date.UTC(2027, 2, 28, 0, 10)],
      ['America/New_York', Date.UTC(2027, 10, 7, 5, 10)],
      ['Australia/Lord_Howe', Date.UTC(2027, 3, 3, 14, 40)],
      ['Pacific/Apia', Date.UTC(2011, 11, 30, 9, 10)],
    ];
    for (const [timeZone, t0] of zones) {
      const words = new Intl.DateTimeFormat('en-GB', { timeZone, dateStyle: 'short', timeStyle: 'long' });
      const checklist = checklistProjection.init({ runbook: parseRunbook(''), bindings: [] });
      const { next } = dueList(
        { ...plan, sections: [] },
        { checklist, rounds: new Map(), gates: new Map(), t0, begun: t0, now: t0 },
      );
      const visits = next.filter(({ kind }) => kind === 'visit');
      expect(visits).toHaveLength(12);
      visits.forEach(({ fromAt }, at) => expect(fromAt).toBe(t0 + (at + 1) * 30 * minute));
      // The doubled hour reads apart once its offset stands beside it.
      expect(new Set(visits.map(({ fromAt }) => words.format(fromAt))).size).toBe(12);
      expect(
        new Set([t0, ...visits.map(({ fromAt }) => fromAt)].map((at) => words.format(at).slice(-6))).size,
      ).toBeGreaterThan(timeZone === 'Pacific/Apia' ? 0 : 1);
    }
  });
});
