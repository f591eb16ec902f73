import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { writtenRollback } from '../../shared/rollback/document.ts';
import { lintRunbook } from '../../shared/runbook/lint.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { parseTarget } from '../../shared/target/parse.ts';
import { canMount, dropDisks, smallDisk } from '../store/fixtures/small-disk.ts';
import { jsonIn } from './cluster.ts';
import { preflight } from './preflight.ts';
import type { Preflight } from './preflight.ts';
import { scriptHash } from './steps/script.ts';

/** Everything that must be refused or contained with a sentence before anybody can confirm it. */
let base = '';
let count = 0;
beforeAll(() => {
  base = mkdtempSync(join(tmpdir(), 'war-room-bad-'));
});
afterAll(() => rmSync(base, { recursive: true, force: true }));
afterEach(dropDisks);

const targetText = (rollback: unknown): string =>
  `version: 1\nservice: api\nenvironment: staging\nrollback: ${JSON.stringify(rollback, null, 1)}\n`;
const problemsOf = (rollback: unknown): string =>
  parseTarget(targetText(rollback))
    .problems.map(({ line, message }) => `${line}: ${message}`)
    .join('\n');

const look = async (rollback: unknown, document = '# R\n', folder = join(base, `e-${++count}`)): Promise<Preflight> => {
  const { target } = parseTarget(targetText(rollback));
  if (target === null) throw new Error('the target itself was refused');
  const runbook = parseRunbook(document);
  return preflight({
    purpose: 'rollback',
    target,
    written: writtenRollback(runbook, lintRunbook(document, runbook), [], scriptHash),
    pinned: null,
    answers: { critical: true, fixable: false, migrations: 'none' },
    release: '2',
    gate: { state: 'ok', sentence: 'said' },
    variable: (name) => (name === 'release' ? '2' : null),
    health: [],
    folder,
  });
};
const failed = ({ passed, checks }: Preflight): string =>
  passed ? 'it passed' : checks.flatMap(({ state, sentence }) => (state === 'fail' ? sentence : [])).join('\n');
const step = (kind: string, words: unknown) => ({ kind, label: 'Go back', timeout: '1m', with: words });
const script = (text: string) => step('script', { text, sha256: scriptHash(text) });
const fence = (language: string, body: string): string =>
  `# R\n\n## Rollback\n- [ ] b\n\n\`\`\`${language}\n${body}\n\`\`\`\n`;

describe('a plan that names no context', () => {
  test('is refused where it is bundled, at its line', () => {
    expect(problemsOf({ plan: { name: 'one-deployment', deployment: 'api' } })).toMatch(/^\d+: .*never guessed/u);
    const kubernetes = { namespace: 'n', service: 'api' };
    expect(problemsOf({ kubernetes, steps: [] })).toMatch(/rollback\.kubernetes\.context: is missing/u);
  });

  test.each([
    ['typed', step('kubernetes', { do: 'undo', deployment: 'a', revision: 1 }), /names no context/u],
    ['a command', step('command', { argv: ['kubectl', 'rollout', 'undo', 'deployment/a'] }), /"kubectl rollout undo/u],
    ['a shell in a command', step('command', { argv: ['sh', '-c', 'helm rollback a 1'] }), /for helm --kube-context/u],
    ['a script', script('set -u\nkubectl \\\n  get pods'), /"kubectl\s+get pods" names no context/u],
  ])('is refused as %s', async (_, one, words) => {
    expect(failed(await look({ steps: [one] }))).toMatch(words);
  });

  test('is refused in the document, and beside its line', async () => {
    expect(failed(await look({}, fence('bash', '# 1. Look\nkubectl get pods')))).toMatch(
      /Line \d+ .*names no context/u,
    );
    const placed = 'kubectl --context c --namespace n get pods';
    expect((await look({}, fence('bash', `# 1. Look\n${placed}`))).passed).toBe(true);
  });
});

test('a script whose words changed after they were approved is refused', async () => {
  const changed = step('script', { text: 'echo changed', sha256: scriptHash('echo approved') });
  expect(failed(await look({ steps: [changed] }))).toContain('not the one that was approved');
});

test('a step without a time-out is refused at its line', () => {
  const { timeout: _, ...endless } = script('true');
  expect(problemsOf({ steps: [endless] })).toMatch(/^\d+: rollback\.steps\.0\.timeout: is missing$/u);
});

test('a fence for something that is not a shell is shown and stops the plan', async () => {
  const found = await look({}, fence('python', '# 1. Back\nimport os'));
  expect(failed(found)).toContain('A fence in "python" is not for a shell; it is shown, never run.');
  expect(found.steps).toEqual([]);
});

test('warnings on stdout, before and after, are not taken for the answer', () => {
  const answer = JSON.stringify({ items: [{ a: '}' }] }, null, 4);
  const around = `W1127 {deprecated}\n{not json\n${answer}\nWARNING: {a newer version} is there\n`;
  expect(jsonIn(around)).toEqual({ items: [{ a: '}' }] });
  expect(() => jsonIn('WARNING: {nothing} here')).toThrow('is no JSON');
});

test('a script too long to be read before it is confirmed is refused, not a fault of our own', async () => {
  expect(failed(await look({ steps: [script(`echo ${'a'.repeat(30_000)}`)] }))).toContain('too long to be read');
});

test('a script of the document is given the release it asks for, and sets its own words by itself', async () => {
  const found = await look({}, fence('bash', '# 1. Back\nSERVICE=mine\n./back "$RELEASE" "$SERVICE"'));
  expect(found.steps[0]?.with['env']).toEqual({ RELEASE: '2' });
  expect(failed(await look({}, fence('bash', '# 1. Back\n./back "$PREVIOUS"')))).toContain('has no value in this run');
});

test.runIf(canMount)('a full disk keeps no evidence and says so, and going back is still possible', async () => {
  const disk = smallDisk(64);
  disk.fill();
  const found = await look({ steps: [script('true')] }, '# R\n', join(disk.path, 'evidence'));
  expect(found.passed).toBe(true);
  expect(found.checks.find(({ id }) => id === 'evidence')).toMatchObject({
    state: 'warn',
    sentence: expect.stringMatching(/metrics\.json: the disk refused it \(ENOSPC/u),
  });
});

test('the bundled documents hold no fence that only seems to name a cluster', () => {
  const text = readFileSync(
    new URL('../../shared/runbooks/production-deployment-checklist.md', import.meta.url),
    'utf8',
  );
  const runbook = parseRunbook(text);
  const written = writtenRollback(runbook, lintRunbook(text, runbook), [], scriptHash);
  expect(written.filter(({ spec }) => spec?.kind === 'script').map(({ text: own }) => own)).toEqual([
    expect.stringContaining('curl'),
  ]);
});
