import { appendFileSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { attemptOf } from './fixtures/run-probe.ts';
import { createStampReader } from './log-stamps.ts';
import { logProbe } from './log.ts';
import type { Answer, Moments } from './probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'war-room-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const minute = 60_000;
const look = async (file: string, moments: Moments, more: object = {}): Promise<Answer> => {
  const probe = logProbe.open({ file, ...more });
  try {
    return (await attemptOf((context) => probe.run({ ...context, moments }), 20_000)).answer;
  } finally {
    await probe.close();
  }
};
const stamped = (at: number, words: string): string => `${new Date(at).toISOString()} ${words}\n`;

describe('a log that stood there for hours before anybody looked', () => {
  const now = Date.now();
  const moments = { baseline: now - 20_000, t0: now - 10_000 };
  /** Twelve errors a minute among `perSecond` entries a second. */
  const busy = (from: number, to: number, perSecond: number): string =>
    Array.from({ length: ((to - from) / 1_000) * perSecond }, (_, n) =>
      stamped(
        from + (n * 1_000) / perSecond,
        n % (5 * perSecond) === 0 ? `ERROR usual ${n}` : `INFO request ${n} was served in time to a client of ours`,
      ),
    ).join('');

  test('is the baseline by itself, also where a minute of it fills more than a MiB', async () => {
    const file = join(folder, 'busy.log');
    writeFileSync(file, busy(now - 2 * minute, now, 300));
    const { values, facts } = await look(file, moments);
    expect(values).toMatchObject({ errors: 0, newShapes: 0 });
    // Two errors in the ten seconds since T-0 are no twelve a minute yet.
    expect(values?.['perMinuteSinceT0']).toBeCloseTo(2, 5);
    expect(values?.['overBaseline']).toBeCloseTo(-10, -1);
    expect(facts).not.toHaveProperty('cannotTell');
  });

  test('is it too where it was rotated a moment ago', async () => {
    const file = join(folder, 'rotated.log');
    writeFileSync(file, busy(now - 30 * minute, now - minute, 1).trimEnd());
    const untold = await look(file, moments);
    expect(untold.values).toHaveProperty('overBaseline');
    renameSync(file, `${file}.1`);
    writeFileSync(file, stamped(now - 5_000, 'ERROR that nobody saw before'));
    const { values, facts } = await look(file, moments);
    expect(values).toMatchObject({ newShapes: 1, perMinuteSinceT0: 1 });
    expect(values?.['overBaseline']).toBeCloseTo(1 - 12, 0);
    expect(facts?.['newShapes']).toContain('ERROR that nobody saw before');
    // Without what was moved away there is nothing to hold it against.
    rmSync(`${file}.1`);
    const alone = await look(file, moments);
    expect(alone.values).not.toHaveProperty('overBaseline');
    expect(alone.facts?.['cannotTell']).toContain('take another');
  });

  test('is it where its stamps name no zone only once the target names one', async () => {
    const file = join(folder, 'zone.log');
    const wall = (at: number): string => {
      const parts = new Intl.DateTimeFormat('sv', {
        dateStyle: 'short',
        timeStyle: 'medium',
        timeZone: 'Asia/Kathmandu',
      }).format(at);
      return `${parts},250`;
    };
    for (let at = now - 30 * minute; at < now; at += 20_000)
      appendFileSync(file, `${wall(at)} ${at % minute < 20_000 ? 'ERROR' : 'INFO'} as ever\n`);
    expect((await look(file, moments)).values).not.toHaveProperty('overBaseline');
    const { values } = await look(file, moments, { zone: 'Asia/Kathmandu' });
    expect(values?.['overBaseline']).toBeLessThan(0.5);
    expect(values?.['overBaseline']).toBeGreaterThan(-1.5);
    expect(() => logProbe.open({ file, zone: 'Kathmandu' })).toThrow(/name a time zone/);
  });
});

describe('stamps', () => {
  test.each([
    ['2026-11-23T05:00:00Z up', '2026-11-23T05:00:00.000Z'],
    ['[2026-11-23 05:00:00,123 +01:00] ERROR', '2026-11-23T04:00:00.123Z'],
    ['2026-11-23 05:00:00.123456-0530 x', '2026-11-23T10:30:00.123Z'],
    ['10.0.0.1 - - [23/Nov/2026:05:00:00 +0100] "GET /"', '2026-11-23T04:00:00.000Z'],
    [1_795_000_000, '2026-11-18T11:06:40.000Z'],
    [1_795_000_000_123, '2026-11-18T11:06:40.123Z'],
    ['2026-11-23 05:00:00 Zebra', null],
    ['2026/11/23 05:00:00 [error]', null],
    ['2026-13-23T05:00:00Z', null],
    ['no stamp', null],
    [17, null],
    [undefined, null],
  ])('%s is %s', (words, at) => {
    const read = createStampReader()(words);
    expect(read === null ? null : new Date(read).toISOString()).toBe(at);
  });

  test.each([
    ['Europe/Berlin', '2026/11/23 05:00:00 [error]', '2026-11-23T04:00:00.000Z'],
    ['Europe/Berlin', '2027-03-28 01:59:59', '2027-03-28T00:59:59.000Z'],
    ['Europe/Berlin', '2027-03-28 03:00:00', '2027-03-28T01:00:00.000Z'],
    ['Europe/Berlin', '2027-10-31 03:00:00', '2027-10-31T02:00:00.000Z'],
    ['Australia/Lord_Howe', '2026-11-23 05:00:00', '2026-11-22T18:00:00.000Z'],
    ['UTC', '23/Nov/2026:05:00:00', '2026-11-23T05:00:00.000Z'],
    ['Europe/Berlin', '2026-11-23T05:00:00Z', '2026-11-23T05:00:00.000Z'],
  ])('in %s, %s is %s', (zone, words, at) =>
    expect(new Date(createStampReader(zone)(words) ?? 0).toISOString()).toBe(at),
  );
});
