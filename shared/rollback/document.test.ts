import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { lintRunbook } from '../runbook/lint.ts';
import { parseRunbook } from '../runbook/parse.ts';
import { writtenRollback } from './document.ts';

const metrics = [
  { id: 'error-rate', label: 'Error rate' },
  { id: 'latency-p95', label: 'Latency p95' },
  { id: 'memory', label: 'Memory usage' },
];
const read = (text: string) => {
  const runbook = parseRunbook(text);
  return writtenRollback(runbook, lintRunbook(text, runbook), metrics, (script) => `sha-${script.length}`);
};

test("the user's own fence: six steps, what is wrong beside each, and only what is safe can run", () => {
  const steps = read(readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8'));
  expect(steps.map(({ title }) => title)).toEqual([
    'Notify team',
    'Scale down new version',
    'Scale up previous version',
    'Verify health',
    'Monitor metrics',
    'If successful, delete new deployment',
  ]);
  expect(steps.map(({ spec }) => spec?.kind ?? null)).toEqual(['notice', null, null, 'script', 'wait', null]);
  expect(steps[1]?.refusal).toContain('kubectl set');
  expect(steps[1]?.problems.find(({ fix }) => fix !== null)?.fix).toContain('scale deployment/backend-api');
  expect(steps[4]?.spec?.with).toEqual({ metrics: ['error-rate', 'latency-p95'], forMs: 300_000 });
  expect(steps[4]?.spec?.timeout).toBe(660_000);
  expect(steps[5]?.refusal).not.toBeNull();
});

const fence = (language: string, body: string): string =>
  `# T\n\n## Deploy\n- [ ] a\n\n## Rollback\n- [ ] b\n\n\`\`\`${language}\n${body}\n\`\`\`\n`;

test('a fence that is not for a shell is shown and never run', () => {
  const [step] = read(fence('powershell', '# 1. Stop\nStop-Service api'));
  expect(step).toMatchObject({ spec: null, refusal: expect.stringContaining('powershell') });
});

test('words without a command ask a person, or wait for the metrics they name', () => {
  const [look, watch] = read(
    fence('bash', '# 1. Look\n# Is the queue empty?\n\n# 2. Watch\n# Watch memory usage (2 minutes)\n'),
  );
  expect(look?.spec).toMatchObject({ kind: 'ask', with: { question: 'Is the queue empty?' } });
  expect(watch?.spec).toMatchObject({ kind: 'wait', with: { metrics: ['memory'], forMs: 120_000 } });
});
