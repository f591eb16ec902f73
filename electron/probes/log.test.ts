import { appendFileSync, mkdtempSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test, vi } from 'vitest';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { createRecordReader } from './log-records.ts';
import { logProbe } from './log.ts';

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
  return { look: async () => (await attemptOf(probe.run)).answer, close: probe.close };
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
    const log = watch({ file: path, learn: '0s' });
    expect((await log.look()).values).toMatchObject({ errors: 0, lines: 0, errorsPerMinute: 0 });
    appendFileSync(path, 'INFO fine\nERROR old\nERROR never seen 42\n');
    await log.look();
    const answer = await log.look();
    expect(answer.values).toMatchObject({ errors: 2, lines: 3, newShapes: 1 });
    expect(answer.facts?.['newShapes']).toBe('ERROR never seen 42');
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
    expect(JSON.stringify(answer)).not.toContain('hunter22');
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

  test('silence is down where that is asked for; no file is unknown', async () => {
    const log = watch({ file: fresh('x\n'), quiet: '100ms' });
    await log.look();
    await vi.waitFor(async () => expect(await log.look()).toMatchObject({ verdict: 'down', reason: 'log-silent' }), {
      timeout: 2_000,
    });
    await log.close();
    await expect(runProbe(logProbe, { file: join(folder, 'nothing') })).rejects.toMatchObject({ reason: 'no-file' });
    await expect(runProbe(logProbe, { file: folder })).rejects.toMatchObject({ reason: 'no-file' });
  });
});

test('a program that streams is read while it runs, told when it ends, and started again', async () => {
  const code =
    'console.log("INFO up"); setTimeout(() => console.log("ERROR one"), 100); setTimeout(() => { console.error("bye"); process.exit(4); }, 600)';
  const log = watch({ command: [process.execPath, '-e', code] });
  await vi.waitFor(async () => expect((await log.look()).values?.['errors']).toBe(1), { timeout: 3_000, interval: 80 });
  await vi.waitFor(
    async () =>
      expect(await log.look().catch((error: Error) => error)).toMatchObject({
        reason: 'stream-ended',
        message: expect.stringContaining('exit code 4: bye'),
      }),
    { timeout: 3_000, interval: 80 },
  );
  await vi.waitFor(async () => expect((await log.look()).values?.['errors']).toBe(2), { timeout: 3_000, interval: 80 });
  await log.close();
  const missing = watch({ command: ['no-such-program-here'] });
  await missing.look();
  await vi.waitFor(
    async () => expect(await missing.look().catch((error: Error) => error)).toMatchObject({ reason: 'stream-ended' }),
    { timeout: 2_000 },
  );
  await missing.close();
});
