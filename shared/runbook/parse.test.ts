import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fc } from '../fixtures/properties.ts';
import type { Nodes } from 'mdast';
import remarkGfm from 'remark-gfm';
import remarkParse from 'remark-parse';
import { unified } from 'unified';
import { describe, expect, test } from 'vitest';
import { anyDocument, plainDocument } from '../../e2e/bench/documents.ts';
import { exportRunbook } from './export.ts';
import type { Block, Item, Runbook, Section } from './model.ts';
import { parseRunbook } from './parse.ts';
import { understoodOf } from './understood.ts';
import { countsOf, fieldsOf, itemsOf, sectionsOf } from './walk.ts';

const root = join(import.meta.dirname, '../..');
const real = readFileSync(join(root, 'shared/runbooks/production-deployment-checklist.md'), 'utf8');
const corpus = join(root, '../shared/corpus');
const files = existsSync(corpus) ? readdirSync(corpus).filter((file) => file.endsWith('.md')) : [];
/** The bundled document stands in where the corpus is not beside the repository. */
const documents: readonly (readonly [string, string])[] =
  files.length > 0 ? files.map((file) => [file, readFileSync(join(corpus, file), 'utf8')]) : [['bundled', real]];

const remark = unified().use(remarkParse).use(remarkGfm);
const tasksIn = (node: Nodes): number =>
  (node.type === 'listItem' && typeof node.checked === 'boolean' ? 1 : 0) +
  ('children' in node ? node.children : []).reduce((sum: number, child: Nodes) => sum + tasksIn(child), 0);
const remarkTasks = (text: string): number => tasksIn(remark.parse(text));
const tasks = (runbook: Runbook): number => itemsOf(runbook).filter((item) => item.origin === 'task').length;

/** Lines that the result itself speaks for, found without asking the parser what it has seen. */
function linesSpokenFor(runbook: Runbook, text: string): ReadonlySet<number> {
  const lines = new Set<number>();
  const add = ({ line, endLine }: { readonly line: number; readonly endLine: number }): void => {
    for (let at = line; at <= endLine; at++) lines.add(at);
  };
  const item = (found: Item): void => {
    add({ line: found.span.line, endLine: found.span.line + found.markdown.split(/\r\n|\n|\r/u).length });
    for (const field of found.fields) add(field.span);
    for (const command of found.commands) add(command.span);
    found.children.forEach(item);
    found.details.forEach(block);
  };
  const block = (found: Block): void => (found.kind === 'item' ? item(found.item) : add(found.span));
  const section = (found: Section): void => found.blocks.forEach(block);
  sectionsOf(runbook).forEach(section);
  runbook.meta.forEach(({ line }) => lines.add(line));
  const matter = /^---\n[^]*?\n---\s*$/mu.exec(text)?.[0] ?? '';
  if (text.startsWith('---')) add({ line: 1, endLine: matter.split('\n').length });
  text.split(/\r\n|\n|\r/u).forEach((line, index) => {
    // Headings, the lines under them, rules and labels that stand for headings are the structure itself.
    if (/^ {0,3}(?:#{1,6}(?:\s|$)|=+\s*$|-+\s*$|(?:[-*_]\s*){3,}$)/u.test(line)) lines.add(index + 1);
  });
  return lines;
}

describe('the real document', () => {
  const runbook = parseRunbook(real);

  test('is counted as people count it', () => {
    expect(countsOf(runbook, real)).toMatchObject({
      phases: 7,
      items: 138,
      itemsByPhase: [14, 27, 23, 25, 19, 13, 17],
      nested: 5,
      inferred: 0,
      options: 35,
      blanks: 60,
      fences: 8,
      tables: 1,
      rounds: 27,
      readings: 215,
      signatures: 4,
      contacts: 5,
      checkedAlready: 0,
    });
    expect(runbook.unaccountedLines).toEqual([]);
  });

  test('has its rounds at the moments it names', () => {
    const minute = 60_000;
    const rounds = sectionsOf(runbook).flatMap(({ cadence }) =>
      cadence === null ? [] : [cadence.offsetsMs.map((at) => at / minute)],
    );
    expect(rounds).toEqual([
      [5, 10, 15, 20, 25, 30, 45, 60],
      [60, 120, 180, 240, 300, 360, 420, 480],
      [360, 720, 1080, 1440],
      [1, 2, 3, 4, 5, 6, 7].map((day) => day * 1440),
    ]);
  });

  test('has typed fields', () => {
    const latency = itemsOf(runbook).find((item) => item.text === 'API Latency');
    expect(
      latency?.fields.map(
        (field) => field.kind === 'blank' && [field.label, field.unit, field.target?.op, field.target?.value],
      ),
    ).toEqual([
      ['p50', 'ms', '<', 200],
      ['p95', 'ms', '<', 500],
      ['p99', 'ms', '<', 1000],
    ]);
    const decision = itemsOf(runbook).find((item) => item.text === 'Decision');
    expect(decision?.fields).toMatchObject([{ kind: 'choice', options: [{ label: 'Keep' }, { label: 'Rollback' }] }]);
    const baseline = itemsOf(runbook).find((item) => item.text === 'Record baseline numbers');
    expect(baseline?.fields.map((field) => field.kind === 'blank' && field.label)).toEqual([
      'API latency p50',
      'API latency p95',
      'API latency p99',
      'Error rate',
      'Active users',
      'Request rate',
    ]);
    const health = itemsOf(runbook).find((item) => item.text.startsWith('Verify health check'));
    expect(health).toMatchObject({
      expected: '200',
      commands: [
        { language: 'bash', steps: [{ command: "curl -s https://api.ywmessaging.com/health | jq '.status'" }] },
      ],
    });
  });

  test('has its rollback fence in six steps, its alerts as alerts and its escalation in time', () => {
    const fence = sectionsOf(runbook).find(({ title }) => title === 'Rollback Execution')?.blocks[0];
    expect(fence?.kind === 'command' && fence.command.steps.map(({ ordinal, title }) => [ordinal, title])).toEqual([
      [1, 'Notify team'],
      [2, 'Scale down new version'],
      [3, 'Scale up previous version'],
      [4, 'Verify health'],
      [5, 'Monitor metrics'],
      [6, 'If successful, delete new deployment'],
    ]);
    expect(itemsOf(runbook).find((item) => item.text === 'Error rate > 1%')?.limits).toMatchObject([
      { op: '>', value: 1, unit: '%', role: 'alert' },
    ]);
    expect(runbook.escalation.map(({ afterMs }) => afterMs)).toEqual([0, 1_800_000, null, null]);
  });
});

describe.each(documents)('%s', (_name, text) => {
  test('opens without loss', () => {
    const runbook = parseRunbook(text);
    expect(runbook.unaccountedLines).toEqual([]);
    expect(tasks(runbook)).toBe(remarkTasks(text));
    expect(exportRunbook(text, runbook)).toBe(text);
    const spoken = linesSpokenFor(runbook, text);
    const silent = text
      .split(/\r\n|\n|\r/u)
      .flatMap((line, index) => (line.trim() === '' || spoken.has(index + 1) ? [] : [index + 1]));
    // What is left can only be labels that became headings of a document without any.
    const titles = new Set([
      runbook.title,
      ...runbook.phases.map(({ title }) => title),
      ...sectionsOf(runbook).map(({ title }) => title),
    ]);
    const lines = text.split(/\r\n|\n|\r/u);
    expect(
      silent.filter(
        (line) =>
          !titles.has(
            (lines[line - 1] ?? '')
              .replace(/\*\*/gu, '')
              .replace(/[:：]\s*$/u, '')
              .trim(),
          ),
      ),
    ).toEqual([]);
  });
});

/** Marks of Markdown that no reader should meet in words; a blank's underscores and "<name>" are words. */
const marksInWords = /\*\*|`|\]\(|^#{1,6}\s|~~|<!--|^\s*\[[ xX]\]/mu;

describe.each(documents)('%s', (_name, text) => {
  test('shows words where it is about words', () => {
    const runbook = parseRunbook(text);
    const said = [
      runbook.title,
      ...runbook.phases.map(({ title }) => title),
      ...sectionsOf(runbook).map(({ title }) => title),
      ...itemsOf(runbook).map((item) => item.text),
      ...runbook.meta.map(({ value }) => value),
      ...runbook.contacts.flatMap(({ role, cells }) => [role, ...cells.map(({ value }) => value)]),
      ...runbook.escalation.map((step) => step.text),
      ...understoodOf(runbook, [], null).map(({ words }) => words),
    ];
    expect(said.filter((words) => marksInWords.test(words))).toEqual([]);
  });
});

describe('identity', () => {
  const ids = (text: string): readonly string[] => itemsOf(parseRunbook(text)).map(({ id }) => id);

  test('survives lines added, removed and moved anywhere else', () => {
    const lines = real.split('\n');
    // Between blocks: a line put into a fence or a sentence changes what the others say.
    const between = lines.flatMap((line, at) =>
      line === '' && lines.slice(0, at).filter((above) => above.includes('```')).length % 2 === 0 ? [at] : [],
    );
    const before = new Set(ids(real));
    fc.assert(
      fc.property(
        fc.constantFrom(...between),
        fc.constantFrom('- [ ] Something of its own', '', '\nA new remark.\n', '## A new heading'),
        (at, added) => {
          const after = new Set(ids(lines.toSpliced(at, 0, added).join('\n')));
          expect([...before].filter((id) => !after.has(id))).toEqual([]);
        },
      ),
      { numRuns: 25 },
    );
  });

  test('changes for one item only when its words are repeated above it', () => {
    const text = '# A\n- [ ] Check logs\n- [ ] Other\n# B\n- [ ] Check logs\n- [ ] Check logs\n';
    expect(ids(text)).toEqual(['check-logs', 'other', 'check-logs~b', 'check-logs~b~2']);
    expect(ids(`${text}# C\n- [ ] Check logs\n`).slice(0, 4)).toEqual(ids(text));
    expect(ids(text.replace('- [ ] Other\n', '- [ ] Other\n- [ ] Third\n'))).toEqual([
      'check-logs',
      'other',
      'third',
      'check-logs~b',
      'check-logs~b~2',
    ]);
  });

  test('is unique and made of any script', () => {
    expect(ids('- [ ] データベース確認\n- [ ] 🚀\n- [ ] ✅\n- [ ] 数据库\n')).toEqual([
      'データベース確認',
      'unnamed',
      'unnamed~start',
      '数据库',
    ]);
  });
});

describe('forms that teams use and few parsers know', () => {
  const texts = (text: string): readonly (readonly [string, string, boolean])[] =>
    itemsOf(parseRunbook(text)).map(({ text: words, origin, checked }) => [words, origin, checked]);

  test.each([
    [
      'ballot boxes in paragraphs and lists',
      '# Deploy checklist\n☐ One\n⬜ Two\n\n- 🔲 Three\n- ☑ Four\n',
      [
        ['One', 'ballot', false],
        ['Two', 'ballot', false],
        ['Three', 'ballot', false],
        ['Four', 'ballot', true],
      ],
    ],
    [
      'numbered steps',
      '## Deployment steps\n1. Build\n2. Ship\n',
      [
        ['Build', 'numbered', false],
        ['Ship', 'numbered', false],
      ],
    ],
    [
      'bullets under a heading that says checklist',
      '# Release checklist\n- Tag\n- Push\n',
      [
        ['Tag', 'bullet', false],
        ['Push', 'bullet', false],
      ],
    ],
    [
      'tasks in details',
      '# A\n<details>\n<summary>More</summary>\n\n- [ ] Inside\n\n</details>\n',
      [['Inside', 'task', false]],
    ],
    ['tasks in a quotation', '# A\n> - [x] Quoted\n', [['Quoted', 'task', true]]],
    [
      'tabs',
      '# A\n-\t[ ]\tTabbed\n\t- [ ] Nested\n',
      [
        ['Tabbed', 'task', false],
        ['Nested', 'task', false],
      ],
    ],
    [
      'a task list in a fence',
      '# A\n```[tasklist]\n### Title\n- [ ] In the fence\n- [x] Done\n```\n',
      [
        ['In the fence', 'bullet', false],
        ['Done', 'bullet', true],
      ],
    ],
    [
      'tables with a status column',
      '# A\n| Item | Status |\n|---|---|\n| Backups | ☐ |\n| Restore `a\\|b` | ✅ |\n',
      [
        ['Backups', 'table-row', false],
        ['Restore a|b', 'table-row', true],
      ],
    ],
    [
      'an issue form',
      'name: Release\nbody:\n- type: input\n  attributes:\n    label: Version\n- type: checkboxes\n  attributes:\n    options:\n    - label: Tag **it**\n    - label: Push\n',
      [
        ['Tag it', 'bullet', false],
        ['Push', 'bullet', false],
      ],
    ],
    [
      'labels instead of headings',
      'Pre-release:\n- [ ] One\n\n**Release:**\n- [ ] Two\n',
      [
        ['One', 'task', false],
        ['Two', 'task', false],
      ],
    ],
  ] as const)('%s', (_name, text, expected) => {
    expect(texts(text)).toEqual(expected);
    expect(parseRunbook(text).unaccountedLines).toEqual([]);
  });

  test('a task list in a fence shows its heading as one, no fence, and its tasks in words; it is exported as it was', () => {
    const text =
      '# A\n```[tasklist]\n#### The **first** part\n- [ ] Follow [the guide](https://example.org) and run `make it`\n- [x] Tell *them*\n\nThen wait.\n```\n';
    const runbook = parseRunbook(text);
    const blocks = sectionsOf(runbook).flatMap((section) => section.blocks);
    expect(blocks.flatMap((block) => (block.kind === 'text' ? [block.markdown.trim()] : []))).toEqual([
      '#### The **first** part',
      'Then wait.',
    ]);
    const [first, second] = itemsOf(runbook);
    expect(first).toMatchObject({
      text: 'Follow the guide and run make it',
      markdown: 'Follow [the guide](https://example.org) and run `make it`',
      links: [{ text: 'the guide', url: 'https://example.org', line: 4 }],
      commands: [{ text: 'make it' }],
      box: { line: 4, column: 4 },
    });
    expect(second).toMatchObject({ text: 'Tell them', checked: true });
    expect(exportRunbook(text, runbook)).toBe(text);
    expect(runbook.unaccountedLines).toEqual([]);
  });

  test('a form that is YAML is shown as the code it is', () => {
    const text = 'name: Release\nbody:\n- type: checkboxes\n  attributes:\n    options:\n    - label: Push\n';
    const [block] = sectionsOf(parseRunbook(text)).flatMap((section) => section.blocks);
    expect(block).toMatchObject({
      kind: 'text',
      markdown: '```yaml\nname: Release\nbody:\n- type: checkboxes\n  attributes:\n    options:\n```',
    });
  });

  test('a box in a sentence has words beside it, whatever marks they carry', () => {
    const text = '# Rollback\n\n☐ See [the plan](https://example.org) and **wait**\n';
    expect(texts(text)).toEqual([['See the plan and wait', 'ballot', false]]);
    expect(exportRunbook(text, parseRunbook(text))).toBe(text);
  });

  test('what is read and not worked through yields no items', () => {
    expect(texts('# Guide\n## Troubleshooting\n1. Look\n2. Ask\n## Contacts\n- Ada\n')).toEqual([]);
    expect(texts("- [ ] Will do\n\nWon't do:\n- Not this\n").map(([words]) => words)).toEqual(['Will do']);
  });

  test('a heading with a box is no task', () => {
    const [phase] = parseRunbook('# T\n## One\n### [ ] Team\n- [ ] a\n## Two\n- [ ] b\n').phases;
    expect(phase?.sections[0]).toMatchObject({ title: 'Team', boxed: true });
  });

  test('sign-off tables and lines', () => {
    const text =
      '## Sign-off\n| Role | Name | Signature | Date |\n|---|---|---|---|\n| Lead | | | |\n| SRE | ____ | ____ | ____ |\n\nApproved by: ____________\n\nEngineer: ______ Date: ____\n';
    const signed = fieldsOf(parseRunbook(text)).filter(({ kind }) => kind === 'signature');
    expect(signed.map((field) => field.kind === 'signature' && [field.role, field.date !== null])).toEqual([
      ['Lead', true],
      ['SRE', true],
      ['Approved by', false],
      ['Engineer', true],
    ]);
  });

  test('a mark before and one after the words', () => {
    expect(fieldsOf(parseRunbook('GO? YES ☐ NO ☐\n'))).toMatchObject([
      { label: 'GO?', options: [{ label: 'YES' }, { label: 'NO' }] },
    ]);
    expect(fieldsOf(parseRunbook('Rollback: [ ] Yes [x] No\n'))).toMatchObject([
      {
        label: 'Rollback',
        options: [
          { label: 'Yes', checked: false },
          { label: 'No', checked: true },
        ],
      },
    ]);
  });

  test('underscores in code and words are no blanks', () => {
    expect(fieldsOf(parseRunbook('- `__init__` and my__name and __bold__\n'))).toEqual([]);
  });

  test('front matter is read, and a rule at the top is none', () => {
    const runbook = parseRunbook('---\nname: Release\ntitle: v1\n---\n\n- [ ] a\n');
    expect(runbook).toMatchObject({
      title: 'Release',
      meta: [
        { key: 'name', value: 'Release', line: 2 },
        { key: 'title', value: 'v1', line: 3 },
      ],
    });
    expect(texts('---\n* [ ] a\n\n---\n')).toEqual([['a', 'task', false]]);
  });
});

describe('bad input', () => {
  test.each([
    ['Windows line ends', real.replaceAll('\n', '\r\n')],
    ['old Mac line ends', real.replaceAll('\n', '\r')],
    ['a byte order mark', `\uFEFF${real}`],
  ])('%s change nothing but themselves', (_name, text) => {
    const runbook = parseRunbook(text);
    expect(countsOf(runbook, text)).toEqual(countsOf(parseRunbook(real), real));
    expect(exportRunbook(text, runbook)).toBe(text);
  });

  test.each([
    ['nothing', ''],
    ['empty lines', '\n\n\n'],
    ['an unclosed fence', '# A\n- [ ] a\n```bash\nls\n'],
    ['NUL', '# A\n- [ ] a\0b\n'],
    ['right to left', '# قائمة النشر\n- [ ] تحقق من قاعدة البيانات\n'],
    ['lone surrogates', '- [ ] \ud800 ____\n'],
    ['deep quotations', `${'> '.repeat(1_000)}- [ ] a`],
    ['broken YAML', '---\na: [\n---\n- [ ] a\n'],
    ['YAML that refers to itself', '---\na: &a [*a]\n---\n- [ ] a\n'],
  ])('%s opens', (_name, text) => {
    const runbook = parseRunbook(text);
    expect(runbook.unaccountedLines).toEqual([]);
    expect(tasks(runbook)).toBe(_name.includes('YAML') ? 1 : remarkTasks(text));
    expect(exportRunbook(text, runbook)).toBe(text);
  });
});

test('any text opens without a crash, without loss and with as many tasks as remark-gfm finds', () => {
  fc.assert(
    fc.property(fc.oneof(anyDocument, plainDocument), (text) => {
      const runbook = parseRunbook(text);
      expect(runbook.unaccountedLines).toEqual([]);
      expect(tasks(runbook)).toBe(remarkTasks(text.replace(/^\uFEFF/u, '')));
      const ids = itemsOf(runbook).map(({ id }) => id);
      expect(new Set(ids).size).toBe(ids.length);
      const fields = fieldsOf(runbook).map(({ id }) => id);
      expect(new Set(fields).size).toBe(fields.length);
      expect(exportRunbook(text, runbook)).toBe(text);
    }),
    { numRuns: 1_000 },
  );
});
