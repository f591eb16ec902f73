import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { itemsOf } from '../../shared/runbook/walk.ts';
import { parseWithin, readText, usableText } from './open.ts';

const folder = mkdtempSync(join(tmpdir(), 'open-'));
const bundled = new URL('../../shared/runbooks/production-deployment-checklist.md', import.meta.url);
const write = (name: string, bytes: Uint8Array | string): string => {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
};

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('a file is read whole or refused with a sentence', () => {
  test.each([
    ['plain text', Buffer.from('- [ ] a\n'), '- [ ] a\n'],
    ['a byte order mark, kept', Buffer.from('\uFEFF# a\r\n'), '\uFEFF# a\r\n'],
    ['nothing', Buffer.alloc(0), ''],
    ['any script', Buffer.from('- [ ] 確認 ✅ مرحبا'), '- [ ] 確認 ✅ مرحبا'],
  ])('%s', async (name, bytes, text) => {
    expect(await readText(write(`${name}.md`, bytes))).toBe(text);
  });

  test.each([
    ['NUL', Buffer.from('a\0b'), 'bad-input', 'byte 2 is NUL'],
    ['invalid UTF-8', Buffer.from([0x61, 0xc3, 0x28]), 'bad-input', 'not valid UTF-8'],
    ['UTF-16', Buffer.from([0xff, 0xfe, 0x61, 0]), 'bad-input', 'UTF-16'],
    ['more than 5 MiB', Buffer.alloc(5 * 1024 * 1024 + 1, 'a'), 'too-large', '5 MiB'],
  ])('%s', async (name, bytes, code, words) => {
    await expect(readText(write(`${name}.bin`, bytes))).rejects.toMatchObject({
      code,
      message: expect.stringContaining(words),
    });
    expect(() => usableText(bytes, 'pasted')).toThrowError(/^"pasted"/u);
  });

  test('what is not there, a folder, a device and a part that is no folder', async () => {
    mkdirSync(join(folder, 'sub'));
    await expect(readText(join(folder, 'none.md'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readText(join(folder, 'sub'))).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('is a folder'),
    });
    await expect(readText(join(write('file.md', 'a'), 'x.md'))).rejects.toMatchObject({ code: 'not-found' });
    await expect(readText('/dev/zero')).rejects.toMatchObject({ code: 'bad-input' });
    await expect(readText('a\0b')).rejects.toMatchObject({ code: 'bad-input' });
  });
});

describe('a checklist is read in time or refused', () => {
  test('a long one in a thread, with the same result', async () => {
    const text = (await readFile(bundled, 'utf8')).repeat(3);
    const { runbook } = await parseWithin(text, 'three.md');
    expect(itemsOf(runbook).length).toBe(3 * 138);
  });

  test('the main loop goes on meanwhile', async () => {
    const text = (await readFile(bundled, 'utf8')).repeat(40);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    await parseWithin(text, 'forty.md');
    clearInterval(timer);
    expect(turns).toBeGreaterThan(5);
  });

  test('a short text that is slow to read holds the main loop for no time at all', async () => {
    // The unkindest emphasis that CommonMark knows: the time of its own parser grows with the cube of the length.
    const slow = '*_'.repeat(40_000);
    let turns = 0;
    const timer = setInterval(() => turns++, 5);
    const read = parseWithin(slow, 'slow.md').catch((refusal: unknown) => refusal);
    expect(await Promise.race([read, new Promise((resolve) => setTimeout(resolve, 500, 'later'))])).toBe('later');
    expect(await read).toMatchObject({ code: 'bad-input', message: expect.stringContaining('"slow.md" takes more') });
    clearInterval(timer);
    expect(turns).toBeGreaterThan(50);
    const { runbook } = await parseWithin(`# a\n${'- [ ] b\n'.repeat(500)}`, 'next.md');
    expect(itemsOf(runbook).length).toBe(500);
  });

  test('hundreds of levels of lists open', async () => {
    const { runbook } = await parseWithin(`${'- '.repeat(300)}[ ] deep`, 'deep.md');
    expect(itemsOf(runbook).map(({ text }) => text)).toEqual(['deep']);
  });

  test.each([
    ['lists too deep', `${'- '.repeat(20_000)}a`],
    ['quotations too deep', '> '.repeat(60_000)],
    ['indented lists', Array.from({ length: 1_000 }, (_, level) => `${'  '.repeat(level)}- [ ] a`).join('\n')],
  ])('%s are refused with a sentence', async (_name, text) => {
    await expect(parseWithin(text, 'hostile.md')).rejects.toMatchObject({
      code: 'bad-input',
      message: expect.stringContaining('"hostile.md"'),
    });
  });
});
