import { describe, expect, test } from 'vitest';
import { exportRunbook, nothingFilled } from './export.ts';
import { lintRunbook } from './lint.ts';
import { parseRunbook } from './parse.ts';
import { itemsOf } from './walk.ts';

/** Forms that real teams use and the corpus does not hold. */
const items = (text: string) => itemsOf(parseRunbook(text));
const codes = (text: string) => lintRunbook(text, parseRunbook(text)).map(({ code }) => code);

describe('limits in words', () => {
  test.each([
    ['must not exceed 500 milliseconds', '<=', 500, 'ms'],
    ['stays under two seconds', '<', 2, 's'],
    ['stays below half a percent', '<', 0.5, '%'],
    ['Apdex ≥ 0,95', '>=', 0.95, null],
    ['Queue depth ≤ 1,000', '<=', 1_000, null],
    ['greater than or equal to 99%', '>=', 99, '%'],
    ['エラー率：＜0.1％', '<', 0.1, '%'],
  ])('%s', (words, op, value, unit) => {
    expect(items(`- [ ] ${words}`)[0]?.limits).toMatchObject([{ op, value, unit }]);
  });

  test('what is no limit is none, and an alert is no target of its blank', () => {
    expect(items('- [ ] TLS 1.3 only, ports 80, 443, at least one more reviewer')[0]?.limits).toEqual([]);
    const [disk] = items('- [ ] Disk ____ % full (alert above 90%)');
    expect(disk?.fields).toMatchObject([{ kind: 'blank', unit: '%', target: null }]);
    expect(disk?.limits).toMatchObject([{ role: 'alert', value: 90 }]);
  });
});

describe('tables of steps', () => {
  test('the column that says what to do names the item, and a box in its cell is ticked on export', () => {
    const text =
      '# R\n\n| When | What | Done |\n|---|---|---|\n| T-1h | Freeze master | [ ] |\n| T+15 | Check logs | ☐ |\n';
    const runbook = parseRunbook(text);
    const all = itemsOf(runbook);
    expect(all.map((item) => item.text)).toEqual(['Freeze master', 'Check logs']);
    const out = exportRunbook(text, runbook, {
      ...nothingFilled,
      ticks: all.map(({ id }) => ({ item: id, checked: true })),
      audit: { seq: 1, hash: 'a' },
    });
    expect(out).toContain('| T-1h | Freeze master | [x] |\n| T+15 | Check logs | ☑ |');
  });

  test('a column of answers is the status, not one that is called check', () => {
    const text =
      '# R\n\n## Checks\n\n| # | Check | Status |\n|---|---|---|\n| 1 | DNS | ☐ |\n| 2 | Backups | ✅ |\n| 3 | TLS | Pending |\n';
    expect(items(text).map((item) => [item.text, item.checked])).toEqual([
      ['DNS', false],
      ['Backups', true],
      ['TLS', false],
    ]);
  });
});

test('options on lines of their own are one choice, and export marks the chosen line', () => {
  const text = '- [ ] Result:\n  ☐ Pass\n  ☐ Fail\n  ☐ Blocked\n';
  const runbook = parseRunbook(text);
  const [item] = itemsOf(runbook);
  const [choice] = item?.fields ?? [];
  expect(choice).toMatchObject({
    kind: 'choice',
    label: 'Result',
    options: [{ label: 'Pass' }, { label: 'Fail' }, {}],
  });
  const out = exportRunbook(text, runbook, {
    ...nothingFilled,
    choices: [{ field: choice!.id, option: 1 }],
    audit: { seq: 1, hash: 'a' },
  });
  expect(out).toContain('- [ ] Result:\n  ☐ Pass\n  ☑ Fail\n  ☐ Blocked\n');
});

test('a box without a list has its commands, wide underscores are blanks, a handle is a name', () => {
  expect(items('# R\n\n⬜ Backup: `pg_dump shop`\n')[0]?.commands.map((command) => command.text)).toEqual([
    'pg_dump shop',
  ]);
  expect(items('- [ ] 結果を記入：＿＿＿＿')[0]?.fields).toMatchObject([{ kind: 'blank', width: 4 }]);
  expect(items('- [ ] Release manager: @____')[0]?.fields).toMatchObject([{ label: 'Release manager', value: 'name' }]);
});

test('going back is recognised in other languages and under a fold, and no remark asks for it again', () => {
  for (const title of [
    '## 切り戻し',
    '## 回滚',
    '## Rücksetzen',
    '## Retour arrière',
    '<details><summary>Rollback</summary>',
  ])
    expect(codes(`# R\n\n## Deploy\n\n- [ ] a\n\n${title}\n\n- [ ] b\n`)).not.toContain('no-rollback');
  expect(codes('# R\n\n## Deploy\n\n- [ ] a\n')).toContain('no-rollback');
});

test('timing that is not understood is asked about, in other languages and in items too; a report is no rhythm', () => {
  for (const text of [
    '## Vorbereitung (2 Tage vorher)\n\n- [ ] a',
    '## After\n\n- [ ] every 15 minutes for 2 hours check the queue',
  ])
    expect(codes(`# R\n\n${text}\n`)).toContain('timing-not-understood');
  expect(codes('# R\n\n## After\n\n- [ ] Daily report\n')).not.toContain('timing-not-understood');
});

test('SQL that deletes is marked where it stands alone; a well-known plugin is no mistake', () => {
  expect(codes('# R\n\n## Deploy\n\n- [ ] `DROP TABLE orders;`\n')).toContain('destructive-command');
  expect(codes('# R\n\n## Deploy\n\n- [ ] `helm diff upgrade web ./chart`\n')).not.toContain('unknown-subcommand');
});
