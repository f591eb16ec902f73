import { fc } from '../fixtures/properties.ts';
import { expect, test } from 'vitest';
import { anyDocument } from '../../e2e/bench/documents.ts';
import { withoutInferred } from './inferred.ts';
import type { Block, Item } from './model.ts';
import { exportRunbook } from './export.ts';
import { parseRunbook } from './parse.ts';
import { countsOf, itemsOf, sectionsOf } from './walk.ts';

const without = (text: string) => withoutInferred(parseRunbook(text), text);

test('a document of task items alone stays as it is', () => {
  const text = '# A\n\n- [ ] one\n- [ ] two\n';
  const runbook = parseRunbook(text);
  expect(withoutInferred(runbook, text)).toBe(runbook);
});

test('inferred items become text in their place, and a phase without items a reference', () => {
  const text = '# A\n\n## Deploy\n\n- [ ] tick me\n\n## Rollback checklist\n\n1. scale down\n2. put back\n';
  expect(itemsOf(parseRunbook(text)).length).toBe(3);
  const runbook = without(text);
  expect(itemsOf(runbook).map((item) => item.text)).toEqual(['tick me']);
  expect(runbook.phases.map(({ title }) => title)).toEqual(['Deploy']);
  const reference = runbook.references.find(({ title }) => title === 'Rollback checklist');
  expect(reference?.blocks.map((block) => block.kind === 'text' && block.markdown)).toContain('1. scale down');
});

test('a task below an inferred step stays a task, and the words around it stay text', () => {
  const text = '# Deployment checklist\n\n## Steps\n\n1. Step one\n   - [ ] sub a\n   - [ ] sub b\n2. Step two\n';
  const runbook = without(text);
  expect(itemsOf(runbook).map((item) => item.text)).toEqual(['sub a', 'sub b']);
  const shown = sectionsOf(runbook).flatMap(({ blocks }) =>
    blocks.flatMap((b) => (b.kind === 'text' ? b.markdown : [])),
  );
  expect(shown.join('\n')).toContain('Step one');
});

const covered = (block: Block): readonly number[] => {
  const own = Array.from({ length: block.span.endLine - block.span.line + 1 }, (_, at) => block.span.line + at);
  const inner = (item: Item): readonly number[] => item.details.flatMap(covered);
  return block.kind === 'item' ? [...own, ...inner(block.item)] : own;
};

test('in any document: only tasks are left, all of them, no line is lost, and it exports as itself', () => {
  fc.assert(
    fc.property(anyDocument, (text) => {
      const read = parseRunbook(text);
      const runbook = withoutInferred(read, text);
      expect(itemsOf(runbook).every(({ origin }) => origin === 'task')).toBe(true);
      expect(countsOf(runbook, text).items).toBe(countsOf(read, text).items);
      const lines = new Set(sectionsOf(runbook).flatMap(({ blocks }) => blocks.flatMap(covered)));
      const source = text.replace(/^\uFEFF/u, '').split(/\r\n|\r|\n/u);
      const gone = sectionsOf(read)
        .flatMap(({ blocks }) => blocks.flatMap(covered))
        .filter((line) => !lines.has(line) && (source[line - 1] ?? '').trim() !== '');
      expect(gone).toEqual([]);
      expect(exportRunbook(text, runbook)).toBe(text);
    }),
    { numRuns: 300 },
  );
});
