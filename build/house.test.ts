import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missingFrom } from './lock.ts';
import type { Lock } from './lock.ts';

const root = join(import.meta.dirname, '..');
const rooms = ['shared', 'electron', 'renderer', 'build', 'e2e'];
const lines = (count: number): string =>
  Array.from({ length: count }, (_, at) => `export const line${at} = ${at};\n`).join('');

/** One broken rule a file, and the words by which the check has to name it. */
const broken = [
  [
    'renderer/broken-room.ts',
    `import { systemClock } from '../electron/clock.ts';\nexport const now = systemClock.now();\n`,
    'may not import electron/clock.ts',
  ],
  [
    'renderer/broken-node.ts',
    `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`,
    'may not import node:fs',
  ],
  [
    'shared/broken-node.ts',
    `import { readFileSync } from 'node:fs';\nexport const read = readFileSync;\n`,
    'may not import node:fs',
  ],
  ['shared/broken-later.ts', `export const later = () => import('node:os');\n`, 'may not import node:os'],
  ['shared/broken-type.ts', `export type Stats = import('node:fs').Stats;\n`, 'may not import node:fs'],
  [
    'shared/broken-room.ts',
    `export { systemClock } from '../electron/clock.ts';\n`,
    'may not import electron/clock.ts',
  ],
  ['shared/broken-window.ts', `export const title = window.document.title;\n`, `Cannot find name 'window'`],
  ['shared/broken-timer.ts', `export const wait = setTimeout;\n`, `Cannot find name 'setTimeout'`],
  ['electron/broken-renderer.ts', `export * from '../renderer/client.ts';\n`, 'may not import renderer/client.ts'],
  [
    'electron/engine/broken-electron.ts',
    `import { app } from 'electron';\nexport const name = app.name;\n`,
    'may not import electron',
  ],
  [
    'electron/host/broken-electron.ts',
    `import type { App } from 'electron';\nexport type Mine = App;\n`,
    'may not import electron',
  ],
  [
    'electron/probes/broken-leaf.ts',
    `export * from '../procedures/checklist.ts';\n`,
    'may not import electron/procedures/checklist.ts',
  ],
  ['electron/store/broken-leaf.ts', `export * from '../probes/probe.ts';\n`, 'may not import electron/probes/probe.ts'],
  [
    'electron/procedures/broken-host.ts',
    `export * from '../host/router.ts';\n`,
    'may not import electron/host/router.ts',
  ],
  ['electron/broken-entry.ts', `export * from './main.ts';\n`, 'Nobody imports electron/main.ts'],
  [
    'e2e/broken.spec.ts',
    `import { serve } from '../electron/serve.ts';\nawait serve;\n`,
    'Nobody imports electron/serve.ts',
  ],
  ['shared/broken-length.ts', lines(301), 'max-lines'],
  [
    'shared/broken-function.ts',
    `export const long = (): number => {\n${'  Math.random();\n'.repeat(60)}  return 1;\n};\n`,
    'lines of its own',
  ],
  ['shared/broken-default.ts', `export default 1;\n`, 'no-default-export'],
  ['shared/broken-class.ts', `export class Manager {}\n`, 'No classes but errors'],
  ['shared/broken-any.ts', `export const lost = (x: any): unknown => x;\n`, 'no-explicit-any'],
  [
    'shared/broken-promise.ts',
    `export const lost = (work: () => Promise<void>): void => {\n  work();\n};\n`,
    'no-floating-promises',
  ],
  ['shared/BrokenName.ts', `export const name = 1;\n`, 'filename-case'],
] as const;

let copy = '';
let said = '';

/** Runs one of the checking tools in the copy, as `npm run check` does, and returns what it said. */
const run = (tool: string, ...args: readonly string[]): string => {
  const { name, bin } = JSON.parse(readFileSync(join(root, 'node_modules', tool, 'package.json'), 'utf8'));
  const entry = join(copy, 'node_modules', name, typeof bin === 'string' ? bin : Object.values<string>(bin)[0]!);
  const { stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd: copy,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  return stdout + stderr;
};

beforeAll(() => {
  copy = mkdtempSync(join(tmpdir(), 'war-room-house-'));
  for (const name of [...rooms, 'tsconfig.json', 'package.json'])
    cpSync(join(root, name), join(copy, name), { recursive: true });
  symlinkSync(join(root, 'node_modules'), join(copy, 'node_modules'), 'junction');
  for (const [file, text] of broken) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    writeFileSync(join(copy, file), text);
  }
  said = run('typescript', '-b') + run('oxlint', '-c', 'build/oxlint.config.ts', '-f', 'unix', ...rooms);
}, 240_000);

afterAll(() => rmSync(copy, { recursive: true, force: true }));

describe('the check names the file that breaks a rule', () => {
  test.each(broken)('%s', (file, _text, words) => {
    expect(said.split('\n').filter((line) => line.startsWith(file) && line.includes(words))).not.toEqual([]);
  });
});

const files = rooms.flatMap((room) =>
  globSync('**/*.{ts,tsx,mjs,css}', { cwd: join(root, room) }).map((file) => `${room}/${file.replaceAll('\\', '/')}`),
);

test('code files stay within 300 lines', () => {
  const code = files.filter((file) => /\.(?:ts|tsx|mjs|css)$/v.test(file) && !/\.(?:test|spec)\./v.test(file));
  const long = code.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 301);
  expect(code.length).toBeGreaterThan(50);
  expect(long).toEqual([]);
});

test('the lock file names no registry', () => {
  const lock = readFileSync(join(root, 'package-lock.json'), 'utf8');
  expect(lock.match(/"resolved": "https?:/gv) ?? []).toEqual([]);
});

test('the lock file holds the packages for every system', () => {
  const lock: Lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8'));
  expect(missingFrom(lock).map(({ name }) => name)).toEqual([]); // else: node build/lock.ts
});

test('no test is switched off, and no test alone', () => {
  const tests = files.filter((file) => /\.(?:test|spec)\.tsx?$/v.test(file) && file !== 'build/house.test.ts');
  const off = tests.filter((file) =>
    /\b(?:test|it|describe)\.(?:only|skip|todo)\b/v.test(readFileSync(join(root, file), 'utf8')),
  );
  expect(off).toEqual([]);
});

test('people need at most six scripts', () => {
  const { scripts } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const own = new Set(['start', 'dev', 'check', 'test', 'bench', 'package']);
  // `war-room` is the command line itself; the rest are steps that npm runs around these.
  expect(
    Object.keys(scripts).filter((name) => !own.has(name) && name !== 'war-room' && !/^(?:pre|post)/v.test(name)),
  ).toEqual([]);
});
