import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { createRecordReader } from './log-records.ts';
import { logProbe } from './log.ts';
import type { Moments } from './probe.ts';

const folder = mkdtempSync(join(tmpdir(), 'war-room-log-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
let count = 0;
const fresh = (text = ''): string => {
  const path = join(folder, `${count++}.log`);
  writeFileSync(path, text);
  return path;
};
const watch = (params: object) => {
  const probe = logProbe.open(params);
  const look = async (moments?: Moments) =>
    (await attemptOf((context) => probe.run({ ...context, ...(moments && { moments }) }))).answer;
  return { look, close: probe.close };
};

describe('entries', () => {
  test('text and JSON levels, and a trace of many lines counts once', () => {
    const records = createRecordReader();
    const text = [
      '2026-11-23 05:00:00 INFO all is well',
      '2026-11-23 05:00:01 ERROR cannot read from "x"',
      'java.lang.Exception: no',
      '    at a.b(C.java:1)',
      '    at a.c(C.java:2)',
      'Caused by: other',
      '{"level":50,"msg":"pino error","reqId":"req-123456"}',
      '{"level":"info","msg":"ERROR in the words only"}',
      '{"severity":"CRITICAL","message":"bad"}',
      'an error that is no level',
      'Traceback (most recent call last):',
      '  File "x.py", line 1',
    ].join('\n');
    const all = [...records.push(`${text}\n`), ...records.flush()];
    expect(all.map(({ error }) => error)).toEqual([false, true, false, true, false, true, false]);
    expect(all[1]?.shape).toBe('ERROR cannot read from #');
    expect(all[3]?.correlation).toBe('req-123456');
    expect(all[6]?.text.split('\n')).toHaveLength(3);
  });

  test('the stamps of kubectl and docker are taken off, so that levels and traces are seen behind them', () => {
    const records = createRecordReader();
    const at = '2026-11-23T05:00:00.123456789Z';
    const text = [
      `${at} {"level":"error","msg":"broken"}`,
      `${at} Unhandled rejection`,
      `${at}     at a.js:1`,
      `${at} INFO well`,
    ].join('\n');
    const all = [...records.push(`${text}\n`), ...records.flush()];
    expect(all.map(({ error, at: when }) => [error, when])).toEqual([
      [true, Date.parse('2026-11-23T05:00:00.123Z')],
      [true, Date.parse('2026-11-23T05:00:00.123Z')],
      [false, Date.parse('2026-11-23T05:00:00.123Z')],
    ]);
    expect(all[1]?.text).toBe('Unhandled rejection\n    at a.js:1');
  });

  test('entries cut at any byte come out the same', () => {
    const text = 'ERROR one\n  trace\nINFO two\n{"level":"error","msg":"three"}\nlast\n';
    const whole = createRecordReader();
    const expected = [...whole.push(text), ...whole.flush()];
    for (let cut = 1; cut < text.length; cut++) {
      const reader = createRecordReader();
      expect([...reader.push(text.slice(0, cut)), ...reader.push(text.slice(cut)), ...reader.flush()]).toEqual(
        expected,
      );
    }
  });

  test('a line of 100 MB is cut, and the one after it is still read', () => {
    const reader = createRecordReader();
    const before = process.memoryUsage().rss;
    let records = 0;
    for (let i = 0; i < 100; i++) records += reader.push('x'.repeat(1_048_576)).length;
    const after = [...reader.push('\nERROR after\n'), ...reader.flush()];
    expect(records + after.length).toBe(2);
    expect(after.at(-1)).toMatchObject({ text: 'ERROR after', error: true });
    expect((process.memoryUsage().rss - before) / 1_048_576).toBeLessThan(64);
  });
});

describe('a file', () => {
  test('what stands there already counts for nothing; what comes is counted once', async () => {
    const path = fresh('ERROR old\nERROR old\n');
    const log = watch({ file: path });
    expect((await log.look()).values).toMatchObject({ errors: 0, lines: 0, errorsPerMinute: 0 });
    appendFileSync(path, 'INFO fine\nERROR old\nERROR never seen 42\n');
    await log.look();
    const answer = await log.look();
    expect(answer.values).toMatchObject({ errors: 2, lines: 3 });
    expect((await log.look()).values).toMatchObject({ errors: 2, lines: 3 });
    await log.close();
  });

  test('rotation by moving, and by copying and cutting, loses nothing', async () => {
    const path = fresh('begin\n');
    const log = watch({ file: path });
    await log.look();
    appendFileSync(path, 'ERROR before the move\n');
    renameSync(path, `${path}.1`);
    writeFileSync(path, 'ERROR after the move\n');
    await log.look();
    expect((await log.look()).values).toMatchObject({ errors: 2, lines: 2 });
    truncateSync(path, 0);
    appendFileSync(path, 'ERROR cut\n');
    await log.look();
    expect((await log.look()).values).toMatchObject({ errors: 3 });
    await log.close();
  });

  test('secrets and personal data are found, and masked in what is shown', async () => {
    const path = fresh();
    const log = watch({ file: path });
    await log.look();
    appendFileSync(path, 'ERROR login of ada@example.com failed password=hunter22 request_id=abc-123456\n');
    await log.look();
    const answer = await log.look();
    expect(answer.values).toMatchObject({ leaks: 1 });
    expect(answer.facts).toMatchObject({ leaks: 'credential, e-mail address', correlation: 'abc-123456' });
    expect(JSON.stringify(answer)).not.toMatch(/hunter22|ada@example/);
    await log.close();
  });

  test('a flood is read to its end only in part, and says so', async () => {
    const path = fresh();
    const log = watch({ file: path });
    await log.look();
    for (let i = 0; i < 12; i++) appendFileSync(path, `${'INFO x'.padEnd(1_023, 'x')}\n`.repeat(1_024));
    expect((await log.look()).facts?.['skipped']).toMatch(/8,388,608 bytes/);
    await log.close();
  });

  test('a file with a line of 100 MB is read piece by piece, and what comes after it counts', async () => {
    const path = fresh('INFO begin\n');
    const log = watch({ file: path });
    await log.look();
    const piece = 'ERROR '.padEnd(2_097_152, 'x');
    for (let at = 0; at < 50; at++) {
      appendFileSync(path, piece);
      await log.look();
    }
    appendFileSync(path, '\nERROR after\n');
    await log.look();
    const { values, facts } = await log.look();
    expect(values).toMatchObject({ errors: 2, lines: 2 });
    expect(facts?.['lastError']).toBe('ERROR after');
    await log.close();
  });

  test('silence is down where that is asked for; no file is unknown', async () => {
    const log = watch({ file: fresh('x\n'), quiet: '100ms' });
    await log.look();
    await vi.waitFor(async () => expect(await log.look()).toMatchObject({ verdict: 'down', reason: 'log-silent' }), {
      timeout: 15_000,
    });
    await log.close();
    await expect(runProbe(logProbe, { file: join(folder, 'nothing') })).rejects.toMatchObject({ reason: 'no-file' });
    await expect(runProbe(logProbe, { file: folder })).rejects.toMatchObject({ reason: 'no-file' });
  });
});

describe('before and after', () => {
  const minute = 60_000;
  const stamped = (at: number, words: string): string => `${new Date(at).toISOString()} ${words}\n`;

  test('without a baseline nothing is new, and that is said', async () => {
    const path = fresh();
    const log = watch({ file: path });
    await log.look();
    appendFileSync(path, 'ERROR one\n');
    await log.look();
    const answer = await log.look();
    expect(answer.values).not.toHaveProperty('newShapes');
    expect(answer.values).not.toHaveProperty('perMinuteSinceT0');
    expect(answer.sentence).toContain('1 error in 1 entry since it is read. No baseline is taken yet');
    await log.close();
  });

  test('new is what the baseline had not seen, however long the log was read before', async () => {
    const path = fresh('ERROR of old 1\n');
    const log = watch({ file: path });
    await log.look();
    appendFileSync(path, 'ERROR while it was read 2\n');
    await log.look();
    await log.look();
    await sleep(5);
    const baseline = Date.now();
    await sleep(5);
    appendFileSync(path, 'ERROR of old 3\nERROR while it was read 4\nERROR for ada@example.com id 5\n');
    await log.look({ baseline, t0: null });
    const answer = await log.look({ baseline, t0: null });
    expect(answer.values).toMatchObject({ newShapes: 1 });
    expect(answer.facts?.['newShapes']).toBe('ERROR for ••• id 5');
    expect(answer.sentence).toContain('1 new shape of errors since the baseline');
    // One that is taken now has seen them all.
    expect((await log.look({ baseline: Date.now(), t0: null })).values).toMatchObject({ newShapes: 0 });
    await log.close();
  });

  test('errors per minute since T-0, and how many more than in the hour before the baseline', async () => {
    const now = Date.now();
    const [begin, baseline, t0] = [now - 30 * minute, now - 10 * minute, now - 8 * minute];
    const path = fresh(
      [
        stamped(begin, 'INFO begun'),
        ...Array.from({ length: 20 }, (_, n) => stamped(begin + n * minute + 1_000, `ERROR usual ${n}`)),
        ...Array.from({ length: 24 }, (_, n) =>
          stamped(t0 + n * 20_000 + 1_000, `ERROR ${n % 2 ? 'usual' : 'new'} ${n}`),
        ),
      ].join(''),
    );
    // Opened after it all, as after a restart of the app: the stamps of the entries tell what was before.
    const log = watch({ file: path });
    const { values, sentence } = await log.look({ baseline, t0 });
    expect(values).toMatchObject({ errors: 0, newShapes: 1 });
    expect(values?.['perMinuteSinceT0']).toBeCloseTo(3, 0);
    expect(values?.['overBaseline']).toBeCloseTo(2, 0);
    expect(sentence).toContain('3.0 per minute since T-0, 2.0 more than before the baseline');
    await log.close();
  });

  test('what was not read before the baseline is not called new', async () => {
    const path = fresh('ERROR without a stamp\n');
    const log = watch({ file: path });
    const answer = await log.look({ baseline: Date.now() - minute, t0: Date.now() - minute / 2 });
    expect(answer.values).not.toHaveProperty('newShapes');
    expect(answer.values).not.toHaveProperty('overBaseline');
    expect(answer.facts?.['cannotTell']).toContain('read only since after the baseline');
    expect(answer.sentence).toContain('since T-0, of which not all was read');
    await log.close();
  });

  test('a stream that ends and begins anew tells the same again: it counts once', async () => {
    const now = stamped(Date.now(), 'ERROR once').trim();
    const code = `console.log(${JSON.stringify(now)}); setTimeout(() => process.exit(0), 300)`;
    const log = watch({ command: [process.execPath, '-e', code] });
    let ends = 0;
    await vi.waitFor(
      async () => {
        await log.look().catch(() => (ends += 1));
        expect(ends).toBeGreaterThan(1);
      },
      { timeout: 15_000, interval: 100 },
    );
    await sleep(250);
    const values = await log.look().then(
      (answer) => answer.values,
      () => log.look().then((answer) => answer.values),
    );
    expect(values).toMatchObject({ errors: 1 });
    await log.close();
  });

  test('a program that tells its past again when it starts is not counted twice', async () => {
    const past = stamped(Date.now() - 3 * minute, 'ERROR of before').trim();
    const code = `console.log(${JSON.stringify(past)}); console.log('ERROR now'); setTimeout(() => {}, 60_000)`;
    const log = watch({ command: [process.execPath, '-e', code] });
    const baseline = Date.now() - minute;
    await vi.waitFor(
      async () => expect((await log.look({ baseline, t0: null })).values).toMatchObject({ errors: 1, newShapes: 1 }),
      { timeout: 15_000, interval: 80 },
    );
    await log.close();
  });
});

test('a program that floods is read in part, and says so', async () => {
  const log = watch({ command: ['yes', 'ERROR again and again'] });
  await log.look();
  await vi.waitFor(async () => expect((await log.look()).facts?.['skipped']).toMatch(/bytes came too fast/), {
    timeout: 25_000,
    interval: 200,
  });
  await log.close();
});

test('a program that streams is read while it runs, told when it ends, and started again', async () => {
  const code =
    'console.log("INFO up"); setTimeout(() => console.log("ERROR one"), 100); setTimeout(() => { console.error("bye"); process.exit(4); }, 600)';
  const log = watch({ command: [process.execPath, '-e', code] });
  await vi.waitFor(async () => expect((await log.look()).values?.['errors']).toBe(1), {
    timeout: 15_000,
    interval: 80,
  });
  await vi.waitFor(
    async () =>
      expect(await log.look().catch((error: Error) => error)).toMatchObject({
        reason: 'stream-ended',
        message: expect.stringContaining('exit code 4: bye'),
      }),
    { timeout: 15_000, interval: 80 },
  );
  await vi.waitFor(async () => expect((await log.look()).values?.['errors']).toBe(2), {
    timeout: 15_000,
    interval: 80,
  });
  await log.close();
  const missing = watch({ command: ['no-such-program-here'] });
  await missing.look();
  await vi.waitFor(
    async () => expect(await missing.look().catch((error: Error) => error)).toMatchObject({ reason: 'stream-ended' }),
    { timeout: 15_000 },
  );
  await missing.close();
});
