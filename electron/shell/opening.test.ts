import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { orderOfFile, orderOfLink, ordersOf } from './opening.ts';

let dir: string;
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-opening-'));
  writeFileSync(join(dir, 'deploy.md'), '# Deploy\n- [ ] one\n');
  writeFileSync(join(dir, 'latin1.md'), Buffer.from([0x23, 0x20, 0xe9, 0x0a]));
  writeFileSync(join(dir, 'run.war-room'), Buffer.from([0x50, 0x4b, 0x03, 0x04]));
  writeFileSync(join(dir, 'big.war-room'), '');
  truncateSync(join(dir, 'big.war-room'), 64 * 1024 ** 2 + 1);
  mkdirSync(join(dir, 'folder.md'));
  writeFileSync(join(dir, 'big.md'), Buffer.alloc(5 * 1024 ** 2 + 1, 'x'));
});
afterAll(() => rmSync(dir, { recursive: true, force: true }));

describe('a link', () => {
  test('shows a run', () =>
    expect(orderOfLink('warroom://run/mb3k2-a1b2c3')).toEqual({ kind: 'run', runId: 'mb3k2-a1b2c3' }));
  test.each([
    'warroom://rollback/mb3k2',
    'warroom://run/',
    'warroom://run/../x',
    'warroom://run/a?confirm=1',
    'warroom://run/a#x',
    'warroom:run/a',
    `warroom://run/${'a'.repeat(65)}`,
  ])('%s does nothing but say so', (url) => expect(orderOfLink(url)).toMatchObject({ kind: 'refused' }));
});

describe('a file', () => {
  test('opens with its name and text', () =>
    expect(orderOfFile(join(dir, 'deploy.md'))).toEqual({
      kind: 'open',
      name: 'deploy.md',
      text: '# Deploy\n- [ ] one\n',
    }));
  test('opens as the bundle of a run by its ending', () =>
    expect(orderOfFile(join(dir, 'run.war-room'))).toEqual({ kind: 'bundle', base64: 'UEsDBA==' }));
  test.each([
    ['gone.md', /not there/u],
    ['latin1.md', /UTF-8/u],
    ['big.md', /5 MiB/u],
    ['x.exe', /neither/u],
    ['big.war-room', /64 MiB/u],
    ['folder.md', /not a file/u],
  ])('%s is refused with a sentence', (name, why) =>
    expect(orderOfFile(join(dir, name))).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(why) }),
  );
});

test('of a command line only documents and links are taken, files from where it was typed', () => {
  const argv = [
    '--data',
    '/somewhere',
    '--practice',
    'deploy.md',
    'run.war-room',
    'warroom://run/a1',
    '.',
    '--inspect',
  ];
  expect(ordersOf(argv, dir).map(({ kind }) => kind)).toEqual(['open', 'bundle', 'run']);
});
