import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { graceOf, roundsOf, visitsOf } from './rounds.ts';

const bundled = new URL('../runbooks/production-deployment-checklist.md', import.meta.url);
const minute = 60_000;

describe('the rounds of a document', () => {
  const rounds = roundsOf(parseRunbook(readFileSync(bundled, 'utf8')));

  it('finds the 27 rounds and 215 readings of the real document', () => {
    const perSection = [...Map.groupBy(rounds, ({ section }) => section).values()].map((own) => own.length);
    expect(perSection).toEqual([8, 8, 4, 7]);
    expect(rounds.reduce((sum, round) => sum + round.readings.length, 0)).toBe(215);
    expect(new Set(rounds.map(({ id }) => id)).size).toBe(27);
    for (const { readings } of rounds) expect(new Set(readings.map(({ id }) => id)).size).toBe(readings.length);
  });

  it('merges rounds that coincide into one visit: at 1, 6 and 24 hours', () => {
    const visits = visitsOf(rounds);
    expect(visits).toHaveLength(24);
    const double = visits.filter((visit) => visit.rounds.length > 1).map(({ offsetMs }) => offsetMs / minute / 60);
    expect(double).toEqual([1, 6, 24]);
  });

  it('ends a round where the next one begins, and gives it a fifth of that, five minutes at most', () => {
    const ends = rounds.slice(0, 8).map(({ endsMs }) => endsMs / minute);
    expect(ends).toEqual([10, 15, 20, 25, 30, 45, 60, 75]);
    expect(rounds.slice(0, 8).map((round) => graceOf(round) / minute)).toEqual([1, 1, 1, 1, 1, 3, 3, 3]);
    expect(graceOf(rounds[8] ?? expect.fail())).toBe(5 * minute);
  });
});
