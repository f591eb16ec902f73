import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { runCheck } from './check.ts';
import { runExport } from './export.ts';

const real = fileURLToPath(new URL('../../shared/runbooks/production-deployment-checklist.md', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'check-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string, text: string): string => {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
};

type Ran = { readonly exit: number; readonly out: string; readonly err: string };
async function run(command: typeof runCheck, ...argv: string[]): Promise<Ran> {
  let out = '';
  let err = '';
  const exit = await command(argv, { out: (text) => void (out += text), err: (text) => void (err += text) });
  return { exit, out, err };
}

const clean = '# Release\n**Owner**: Ada\n\n- [ ] a\n\n## Rollback\n**Owner**: Ada\n\n- [ ] database back\n';

test('the real document has errors: 1, with one line of JSON', async () => {
  const { exit, out, err } = await run(runCheck, real, '--json');
  expect(exit).toBe(1);
  expect(err).toBe('');
  expect(out.trimEnd().split('\n').length).toBe(1);
  const told = JSON.parse(out) as Record<string, unknown>;
  expect(Object.keys(told)).toEqual(
    'file sha256 lines phases sections items nested inferred options blanks limits fences commands tables links rounds readings signatures contacts checkedAlready itemsByPhase unaccountedLines problems'.split(
      ' ',
    ),
  );
  expect(told).toMatchObject({
    items: 138,
    nested: 5,
    options: 35,
    blanks: 60,
    fences: 8,
    tables: 1,
    rounds: 27,
    readings: 215,
    unaccountedLines: 0,
    itemsByPhase: [14, 27, 23, 25, 19, 13, 17],
  });
  expect(told['sha256']).toBe(createHash('sha256').update(readFileSync(real)).digest('hex'));
});

test('clean is 0; a warning alone is 0, and 1 with --strict', async () => {
  expect(await run(runCheck, file('clean.md', clean))).toMatchObject({ exit: 0, err: '' });
  const warned = file('warned.md', clean.replace('- [ ] a', '- [x] a'));
  expect((await run(runCheck, warned)).exit).toBe(0);
  expect((await run(runCheck, warned, '--strict')).exit).toBe(1);
});

test('an unusable file is 2 and the others are still checked', async () => {
  const { exit, out, err } = await run(runCheck, join(folder, 'none.md'), real, '--json');
  expect(exit).toBe(2);
  expect(err).toContain('There is no such file.');
  expect(out.trimEnd().split('\n').length).toBe(1);
});

test.each([[['--jsn', 'a.md']], [[]], [['--json=1', 'a.md']]])('%j is refused with the usage', async (argv) => {
  const { exit, out, err } = await run(runCheck, ...argv);
  expect(exit).toBe(2);
  expect(out).toBe('');
  expect(err).toContain('Usage: war-room check');
});

test('people read each problem with its line and its right form', async () => {
  const { out } = await run(runCheck, real);
  expect(out).toContain('138 items');
  expect(out).toMatch(/212:1 {2}error {2}"kubectl set" has no command "replicas"/u);
  expect(out).toContain('scale deployment/backend-api --replicas=0 --current-replicas=M');
});

test('export prints the file itself', async () => {
  const { exit, out } = await run(runExport, real);
  expect(exit).toBe(0);
  expect(Buffer.from(out).equals(readFileSync(real))).toBe(true);
  for (const argv of [[], [real, real], ['--x', real]]) expect((await run(runExport, ...argv)).exit).toBe(2);
  expect((await run(runExport, folder)).err).toContain('is a folder');
});

test('straight from source, without a build', () => {
  const script = `import { runCheck } from ${JSON.stringify(new URL('./check.ts', import.meta.url).href)}; process.exitCode = await runCheck(['--json', ${JSON.stringify(file('run.md', clean))}], { out: (text) => process.stdout.write(text), err: () => {} });`;
  const out = execFileSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' });
  expect(JSON.parse(out)).toMatchObject({ items: 2 });
});

test('--no-inferred counts task boxes alone', async () => {
  const path = file('inferred.md', `${clean}\n## Deployment checklist\n\n1. scale down\n2. put back\n`);
  expect(JSON.parse((await run(runCheck, path, '--json')).out)).toMatchObject({ items: 2, inferred: 2 });
  expect(JSON.parse((await run(runCheck, path, '--json', '--no-inferred')).out)).toMatchObject({
    items: 2,
    inferred: 0,
  });
});
