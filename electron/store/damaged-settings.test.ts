import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { openSettings } from './settings.ts';
import type { Settings } from './settings.ts';

/** Every way in which a settings file was ever found: each starts, says so where something is lost, and loses no byte. */
const place = z.object({ x: z.number(), y: z.number(), maximized: z.boolean() });
const schema = z.object({
  theme: z.enum(['light', 'dark']),
  port: z.number().int().min(0).max(65_535),
  walls: z.array(z.string()),
  places: z.record(z.string(), place),
  feed: z.string().nullable(),
});
type Shape = z.output<typeof schema>;
const initial: Shape = { theme: 'light', port: 0, walls: [], places: {}, feed: null };
const kept: Shape = { ...initial, port: 1, walls: ['TV – größer'], places: { desk: { x: -4, y: 0, maximized: true } } };

let dir: string;
let file: string;
let told: string[];
const open = (): Settings<Shape> =>
  openSettings(file, schema, initial, {
    info: () => undefined,
    error: () => undefined,
    tell: (sentence) => told.push(sentence),
  });
const all = (settings: Settings<Shape>): Shape =>
  Object.fromEntries(Object.keys(initial).map((key) => [key, settings.get(key as keyof Shape)])) as Shape;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-damaged-'));
  file = join(dir, 'settings.json');
  told = [];
  // The last good copy holds what stood there before the last change.
  writeFileSync(file, JSON.stringify(kept));
  open().set('theme', 'dark');
});
afterEach(() => {
  if (existsSync(file) && lstatSync(file).isFile()) chmodSync(file, 0o600);
  rmSync(dir, { recursive: true, force: true });
});

const whole = (): string => readFileSync(file, 'utf8');
const put = (bytes: string | Uint8Array): void => writeFileSync(file, bytes);
const changed = (change: Record<string, unknown>): void => put(JSON.stringify({ ...kept, theme: 'dark', ...change }));
const cutAfter = (word: string): void => put(whole().slice(0, whole().indexOf(word) + word.length));
const replaced = (make: () => void) => (): void => {
  rmSync(file);
  make();
};

const damages: Readonly<Record<string, () => void>> = {
  // Cut at every kind of place.
  'nothing left of it': () => put(''),
  'cut after the first bracket': () => cutAfter('{'),
  'cut in a name': () => cutAfter('"the'),
  'cut after a name': () => cutAfter('"theme"'),
  'cut after a colon': () => cutAfter('"theme":'),
  'cut in a word': () => cutAfter('"da'),
  'cut after a value': () => cutAfter('"dark"'),
  'cut after a comma': () => cutAfter('"dark",'),
  'cut in a list': () => cutAfter('"walls": ['),
  'cut in the middle of a character': () => {
    const bytes = readFileSync(file);
    put(bytes.subarray(0, bytes.indexOf('größer') + 3));
  },
  'cut in an object of an object': () => cutAfter('"desk": {'),
  'cut in a minus sign': () => cutAfter('"x": -'),
  'cut in a true': () => cutAfter('tru'),
  'cut before the last bracket': () => put(whole().trimEnd().slice(0, -1)),
  // What file systems leave after a power cut.
  'NULs of the same length': () => put(Buffer.alloc(whole().length)),
  'NULs at the end': () => put(Buffer.concat([readFileSync(file), Buffer.alloc(512)])),
  'NULs in place of the second half': () => {
    const bytes = readFileSync(file);
    put(bytes.fill(0, Math.floor(bytes.length / 2)));
  },
  'a hole of a megabyte': () => truncateSync(file, 1024 ** 2),
  'twice over': () => put(whole() + whole()),
  'a longer end that an older version left': () => put(`${whole()}: 3}`),
  'the lines of a merge': () => put(`<<<<<<< ours\n${whole()}=======\n{}\n>>>>>>> theirs\n`),
  // No JSON, or not in UTF-8.
  'spaces alone': () => put('   \n\n'),
  'another program’s words': () => put('[window]\ntheme=dark\n'),
  'a page of markup': () => put('<!doctype html><title>Sign in to the network</title>'),
  'single quotes': () => put("{'theme': 'dark'}"),
  'a comma too many': () => put('{"theme": "dark",}'),
  'a remark': () => put(`// mine\n${whole()}`),
  'UTF-16 with a mark': () => put(Buffer.from(`\uFEFF${whole()}`, 'utf16le')),
  'a byte that is no UTF-8': () => put(Buffer.from(whole().replace('größer', 'gr\u00f6\u00dfer'), 'latin1')),
  'a zip': () => put(Buffer.from('504b0304140000000800', 'hex')),
  noise: () => put(Buffer.from(Array.from({ length: 4_096 }, (_, n) => (n * 151 + 7) % 256))),
  // JSON of another shape.
  null: () => put('null'),
  'a number': () => put('7'),
  'a text': () => put('"dark"'),
  'a list': () => put('[]'),
  'an object without anything': () => put('{}'),
  'a field missing': () => changed({ port: undefined }),
  'a field null': () => changed({ port: null }),
  'a field of another type: text for number': () => changed({ port: '4870' }),
  'a field of another type: number for text': () => changed({ walls: [3] }),
  'a field of another type: text for list': () => changed({ walls: 'TV' }),
  'a field of another type: list for record': () => changed({ places: [1] }),
  'a field of another type: text for boolean': () => changed({ places: { desk: { x: 0, y: 0, maximized: 'yes' } } }),
  'a field of another type: object for text': () => changed({ feed: {} }),
  'a word that is none of those': () => changed({ theme: 'purple' }),
  'a number out of bounds': () => changed({ port: 70_000 }),
  'a fraction': () => changed({ port: 1.5 }),
  'a number beyond all': () => put(whole().replace('"port": 1', '"port": 1e999')),
  // Too much of it.
  'a hundred megabytes': () => put(JSON.stringify({ ...kept, more: 'x'.repeat(100 * 1024 ** 2) })),
  'a hundred thousand brackets': () => put('['.repeat(100_000)),
  'a hundred thousand lists in each other': () =>
    put(`${JSON.stringify(kept).slice(0, -1)},"more":${'['.repeat(100_000)}${']'.repeat(100_000)}}`),
};
const onUnix: Readonly<Record<string, () => void>> = {
  'a folder in its place': replaced(() => {
    mkdirSync(file);
    writeFileSync(join(file, 'inside'), 'kept');
  }),
  'a link to itself': replaced(() => symlinkSync('settings.json', file)),
  'a link to nowhere': replaced(() => symlinkSync(join(dir, 'nowhere', 'x'), file)),
  'a link to a device': replaced(() => symlinkSync('/dev/zero', file)),
  'a pipe': replaced(() => execFileSync('mkfifo', [file])),
};
const cases = Object.entries({ ...damages, ...(process.platform === 'win32' ? {} : onUnix) });

/** What stands by a name, as text that can be compared. */
const found = (path: string): string => {
  const stat = lstatSync(path);
  if (stat.isSymbolicLink()) return `link to ${readlinkSync(path)}`;
  if (stat.isDirectory()) return `folder of ${readdirSync(path).join()}`;
  if (!stat.isFile()) return 'neither file nor folder';
  const bytes = readFileSync(path);
  return `${bytes.length} bytes: ${bytes.subarray(0, 4_096).toString('base64')}`;
};

describe(`${cases.length} damaged settings files`, () => {
  it('are fifty at least', () => expect(cases.length).toBeGreaterThanOrEqual(50));

  it.each(cases)('%s: the last good copy takes over, it is said in one sentence, every byte is kept', (_, damage) => {
    damage();
    const before = found(file);
    expect(all(open())).toEqual(kept);
    expect(told).toEqual([
      `The settings in "settings.json" were damaged: the last good copy took their place, and "${file}.damaged" keeps what was there.`,
    ]);
    expect(found(`${file}.damaged`)).toBe(before);
    open().set('port', 2);
    expect(open().get('port')).toBe(2);
    expect(told).toHaveLength(1);
  });

  it.each(cases)('%s, the last good copy as well: the defaults', (_, damage) => {
    damage();
    writeFileSync(`${file}.last-good`, '{"theme": ');
    const before = found(file);
    expect(all(open())).toEqual(initial);
    expect(told).toEqual([expect.stringContaining('the defaults took their place')]);
    expect(found(`${file}.damaged`)).toBe(before);
  });
});

describe('what is no damage', () => {
  it('is a mark before the first character, as some editors write it', () => {
    put(`\uFEFF${whole()}`);
    expect(open().get('theme')).toBe('dark');
    expect(told).toEqual([]);
  });

  it('is what a newer War Room keeps there: it is still there when this one has written', () => {
    changed({ screens: { left: [1, 2] } });
    open().set('port', 9);
    expect(JSON.parse(whole())).toMatchObject({ port: 9, theme: 'dark', screens: { left: [1, 2] } });
    expect(told).toEqual([]);
  });

  it('is a half-written draft beside it', () => {
    writeFileSync(`${file}.new-1`, '{"the');
    expect(open().get('theme')).toBe('dark');
    expect(told).toEqual([]);
  });

  it('is none at all, and it is not said', () => {
    rmSync(file);
    expect(all(open())).toEqual(initial);
    expect(told).toEqual([]);
  });
});

it('keeps what was damaged before when it is damaged again', () => {
  for (const words of ['one', 'two', 'three']) {
    put(words);
    open().set('port', 3);
  }
  const names = ['', '-2', '-3'].map((end) => `${file}.damaged${end}`);
  expect(names.map((name) => readFileSync(name, 'utf8'))).toEqual(['one', 'two', 'three']);
});

const { getuid, seteuid } = process;
it.runIf(getuid?.() === 0 && seteuid !== undefined)(
  'takes a file that may not be read for damaged, and keeps it',
  () => {
    const bytes = whole();
    chmodSync(file, 0o000);
    chmodSync(dir, 0o777);
    chmodSync(`${file}.last-good`, 0o644);
    seteuid?.(65_534);
    try {
      expect(all(open())).toEqual(kept);
    } finally {
      seteuid?.(0);
    }
    expect(told).toHaveLength(1);
    expect(readFileSync(`${file}.damaged`, 'utf8')).toBe(bytes);
  },
);
