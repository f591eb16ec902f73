import { readFileSync } from 'node:fs';
import { fc } from '../fixtures/properties.ts';
import { describe, expect, test } from 'vitest';
import { anyDocument } from '../../e2e/bench/documents.ts';
import { lintRunbook } from './lint.ts';
import type { Problem } from './model.ts';
import { parseRunbook } from './parse.ts';

const real = readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8');
const lint = (text: string): readonly Problem[] => lintRunbook(text, parseRunbook(text));
const codes = (text: string): readonly string[] => lint(text).map(({ code }) => code);
const fence = (command: string): string => `# A\n- [ ] a\n\n\`\`\`bash\n${command}\n\`\`\`\n`;

describe('the real document', () => {
  const problems = lint(real);
  const lineOf = (words: string): number => real.split('\n').findIndex((line) => line.includes(words)) + 1;

  test.each([
    [1, 'unknown-subcommand', 'kubectl set replicas deployment/backend-api 0'],
    [1, 'unknown-subcommand', 'kubectl set replicas deployment/backend-api-previous 3'],
    [2, 'down-before-up', 'kubectl set replicas deployment/backend-api 0'],
    [3, 'assumed-previous-deployment', 'kubectl set replicas deployment/backend-api-previous 3'],
    [4, 'no-explicit-cluster', 'kubectl set replicas deployment/backend-api 0'],
    [4, 'no-explicit-cluster', 'kubectl delete deployment backend-api'],
    [5, 'destructive-command', 'kubectl delete deployment backend-api'],
    [7, 'no-schema-question', '## Phase 5'],
    [8, 'curl-hides-failure', "curl -s https://api.ywmessaging.com/health | jq '.status'"],
    [9, 'authority-told-late', 'Authorized to rollback?'],
    [10, 'single-late-decision', 'Rollback Decision Point'],
    [11, 'nobody-is-told', 'tee /tmp/rollback.log'],
    [12, 'costs-when-repeated', 'Send SMS functionality working'],
    [13, 'destructive-command', 'redis-cli FLUSHDB'],
    [14, 'log-window-too-small', 'tail -100 /var/log/application.log | grep ERROR | tail -50'],
    [15, 'clock-hour-not-last-hour', "--date='1 hour ago'"],
    [16, 'counts-background-workers', 'FROM pg_stat_activity'],
    [17, 'ratio-without-guard', 'pg_statio_user_tables'],
    [18, 'statements-may-be-missing', 'pg_stat_statements'],
    [19, 'ping-without-reply', 'redis-cli PING'],
    [20, 'one-database-only', 'redis-cli DBSIZE'],
    [21, 'lag-needs-the-primary', 'Replication Lag'],
    [22, 'needs-more-requests', 'No spike in error rate'],
    [23, 'sign-off-too-early', '## Phase 6'],
    [25, 'cache-cleared-early', 'CDN cache cleared'],
    [26, 'certificate-leaf-only', 'SSL certificates valid'],
  ])('trap %i, %s, is named at its line', (_trap, code, words) => {
    expect(problems.filter((problem) => problem.line === lineOf(words)).map((problem) => problem.code)).toContain(code);
  });

  test('the right forms can be copied', () => {
    const fixes = (code: string): readonly (string | null)[] =>
      problems.filter((problem) => problem.code === code).map(({ fix }) => fix);
    expect(fixes('unknown-subcommand')[0]).toBe(
      'kubectl --context CONTEXT -n NAMESPACE scale deployment/backend-api --replicas=0 --current-replicas=M',
    );
    expect(fixes('needs-more-requests')).toEqual([null]);
    expect(problems.find(({ code }) => code === 'needs-more-requests')?.message).toContain('2,995');
    expect(problems.find(({ code }) => code === 'sign-off-too-early')?.message).toContain('6 rounds');
  });

  test('says nothing about what is right, and nothing twice', () => {
    expect(
      problems.filter(({ code }) => /dead-anchor|hidden|duplicate|ticked|unsafe|timing|no-rollback/u.test(code)),
    ).toEqual([]);
    const keys = problems.map(({ line, code }) => `${line} ${code}`);
    expect(new Set(keys).size).toBe(keys.length);
  });
});

test.each([
  ['kubectl rollout undo deployment/x', 'undo-without-revision'],
  ['kubectl scal deployment/x', 'unknown-subcommand'],
  ['kubectl -n a rollout redo deployment/x', 'unknown-subcommand'],
  ['helm undo x', 'unknown-subcommand'],
  ['terraform aply', 'unknown-subcommand'],
  ['systemctl restrat nginx', 'unknown-subcommand'],
  ['psql -c "DROP TABLE users"', 'destructive-command'],
  ['rm -rf /srv/app', 'destructive-command'],
  ['git push --force origin main', 'destructive-command'],
  ['helm uninstall app', 'destructive-command'],
  ['kubectl scale deployment/x --replicas=0', 'destructive-command'],
  ['docker compose down -v', 'destructive-command'],
  ['redis-cli FLUSHALL', 'destructive-command'],
  ['ls \u202e/tmp', 'hidden-character'],
  ['ls \u200b/tmp', 'hidden-character'],
  ['echo \u201chi\u201d | cat', 'typeset-quotes'],
])('%s is %s', (command, code) => {
  expect(codes(fence(command))).toContain(code);
});

test.each([
  'kubectl --context c -n n rollout undo deployment/x --to-revision=3',
  'kubectl -n a get pods',
  'kubectl "$VERB" x',
  'docker compose up -d',
  'git push --force-with-lease',
  'curl -fsS https://a.example/health | jq -e .status',
  'echo "kubectl set replicas"',
  'systemctl --user restart x',
  '[ "$(redis-cli PING)" = "PONG" ]',
])('%s is fine', (command) => {
  expect(codes(fence(command)).filter((code) => !/no-rollback|no-owner/u.test(code))).toEqual([]);
});

test.each([
  ['dead-anchor', '# A\n- [ ] see [b](#b)\n', 2],
  ['unsafe-link', '# A\n- [ ] [x](javascript:alert(1))\n', 2],
  ['ticked-already', '# A\n- [x] done\n', 2],
  ['duplicate-item', '# A\n- [ ] same\n- [ ] Same\n', 3],
  ['no-rollback', '# A\n- [ ] a\n', 1],
  ['section-too-long', `# A\n## One\n- [ ] a\n### Two\n${'- [ ] a\n'.repeat(10)}`, 4],
  ['phase-long', `# A\n${'- [ ] a\n'.repeat(10)}`, 1],
  ['phase-long', `# A\n${`- [ ] ${'word '.repeat(50)}\n`.repeat(7)}`, 1],
  ['asks-to-watch', '# A\n- [ ] Monitor the error logs\n', 2],
  ['phase-too-long', `# A\n${'- [ ] a\n'.repeat(41)}`, 1],
  ['timing-not-understood', '# T\n## One (22:00-23:00)\n- [ ] a\n## Two\n- [ ] b\n', 2],
  ['timing-not-understood', '# T\n## Monitor every 15 minutes\n- [ ] a\n## Two\n- [ ] b\n', 2],
  ['muted-alerts', '# A\n- [ ] Mute alerts for the window\n', 2],
  ['hidden-character', '# A\n- [ ] run `ls\u2066 x`\n', 2],
])('%s is named at its line', (code, text, line) => {
  expect(
    lint(text)
      .filter((problem) => problem.code === code)
      .map((problem) => problem.line),
  ).toContain(line);
});

test('a phase is long beyond nine items or 90 s of reading, too long beyond forty, and only a bare look asks to watch', () => {
  const severity = (text: string, code: string) => lint(text).find((problem) => problem.code === code)?.severity;
  const items = (count: number, words = 'a'): string => `# A\n${`- [ ] ${words}\n`.repeat(count)}`;
  expect(severity(items(9), 'phase-long')).toBeUndefined();
  expect(severity(items(6, 'word '.repeat(50)), 'phase-long')).toBeUndefined();
  expect(severity(items(40), 'phase-long')).toBe('warning');
  expect(severity(items(40), 'phase-too-long')).toBeUndefined();
  expect(severity(items(41), 'phase-too-long')).toBe('error');
  for (const words of ['Monitor errors: ____ %', 'Monitoring is set up', 'Watch p95 (target: <200ms)'])
    expect(codes(`# A\n- [ ] ${words}\n`)).not.toContain('asks-to-watch');
});

test('anchors are made as GitHub makes them', () => {
  expect(
    codes('# Roll back! (now)\n## A & B\n## A & B\n- [ ] [x](#roll-back-now) [y](#a--b) [z](#a--b-1) [top](#top)\n'),
  ).not.toContain('dead-anchor');
});

test('bidirectional characters outside commands are not errors: people write in every direction', () => {
  expect(lint('# قائمة\n- [ ] تحقق\u200f من ذلك\n').filter(({ code }) => code === 'hidden-character')).toEqual([]);
});

test('any document can be looked through, each problem on a line that exists', () => {
  fc.assert(
    fc.property(anyDocument, (text) => {
      const runbook = parseRunbook(text);
      for (const { line, column } of lintRunbook(text, runbook)) {
        expect(line).toBeGreaterThan(0);
        expect(line).toBeLessThanOrEqual(Math.max(runbook.lines, 1));
        expect(column).toBeGreaterThan(0);
      }
    }),
    { numRuns: 400 },
  );
});

test.each([
  ['unseen characters', '\u200b'.repeat(100_000)],
  ['runs of backticks', Array.from({ length: 400 }, (_, width) => '`'.repeat(width)).join(' ')],
  ['open quotes', `# a\n\n\`\`\`bash\n${"'\n".repeat(50_000)}\`\`\``],
  ['one word over and over', `# a\n\n\`\`\`bash\n${'kubectl '.repeat(12_000)}\n\`\`\``],
])('a text made to be slow is looked through at once: %s', (_name, text) => {
  const runbook = parseRunbook(text);
  const start = performance.now();
  lintRunbook(text, runbook);
  expect(performance.now() - start).toBeLessThan(5_000);
});
