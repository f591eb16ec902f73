import { fc } from '../fixtures/properties.ts';
import type { Nodes } from 'mdast';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { gfm } from 'micromark-extension-gfm';
import { expect, test } from 'vitest';
import { anyDocument, plainDocument } from '../../e2e/bench/documents.ts';
import { readPlain } from './plain.ts';
import { readSource } from './source.ts';
import { readTree } from './tree.ts';

const json = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
const full = (text: string): unknown =>
  json(fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] }).children);
const plain = (text: string): unknown => {
  const source = readSource(text);
  return json(readPlain({ ...source, from: 0, to: source.lines.length }));
};

test('the common forms are read as the full parser reads them, positions included', () => {
  const text =
    '## [ ] One `x_y` **two**\n\n- [ ] **Done**: ___ms, `a b`\n  - [x] nested_word\n  ```bash\n  ls\n\n  pwd\n  ```\n- plain <5 ms\n\nWords __ here\n**and** more\n\n1. a\n2. b\n\n| A | B |\n|---|:-:|\n| ___ | |\n\n- **Link**: https://a.example/b\n\n---\n\n```\n# no\n```\n';
  expect(plain(text)).not.toBeNull();
  expect(plain(text)).toEqual(full(text));
});

test('wherever it answers, it answers as the full parser does', () => {
  let answered = 0;
  fc.assert(
    fc.property(plainDocument, (text) => {
      const short = plain(text);
      if (short === null) return;
      answered++;
      expect(short).toEqual(full(text));
    }),
    { numRuns: 4_000 },
  );
  expect(answered).toBeGreaterThan(100);
});

const landmarks = (node: Nodes): readonly string[] => {
  const at = `${node.position?.start.line}:${node.position?.start.offset}`;
  const own =
    node.type === 'heading' || node.type === 'code' || (node.type === 'listItem' && typeof node.checked === 'boolean')
      ? [`${node.type} ${at}`]
      : [];
  return [...own, ...('children' in node ? node.children.flatMap(landmarks) : [])];
};

test('read in parts, a document has its headings, fences and tasks where the whole has them', () => {
  fc.assert(
    fc.property(fc.array(fc.oneof(anyDocument, plainDocument), { minLength: 2, maxLength: 10 }), (texts) => {
      const source = readSource(texts.join('\n\n'));
      const whole = Number.POSITIVE_INFINITY;
      expect(landmarks(readTree(source, 0, 200))).toEqual(landmarks(readTree(source, whole)));
    }),
    {
      numRuns: 300,
      examples: [
        // A fence right beneath an item without words, which lines alone take for a part of that item.
        [['-\n|  |  |\n  ```\n', '# > 99.5%\n', '\n', 'Deploy\n']],
        // What would be an item by itself, and is words to the parser where indented code stands above it.
        [['    - Deploy\n', `2)     - \n\`\`\`bash\n${'redis-cli ping\n'.repeat(12)}`, 'word\n']],
      ],
    },
  );
});

test.each(['1. a\n\n2.\tb\n', '1) [ ] a\n\n2)     b\n', '    a\n\n2)     - \n```\nx'])(
  'a list is not parted from its next item, however far the words of that stand from its mark: %j',
  (text) => expect(readTree(readSource(text), 0, 1).children).toEqual(readTree(readSource(text)).children),
);
