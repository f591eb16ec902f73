import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { bindItems } from '../target/bind.ts';
import { type Target, targetSchema } from '../target/schema.ts';
import { acceptBindings, suggestBindings } from './bind.ts';
import { parseRunbook } from './parse.ts';

const bundled = (file: string): string => readFileSync(new URL(`../runbooks/${file}`, import.meta.url), 'utf8');
const runbook = parseRunbook(bundled('production-deployment-checklist.md'));
const yaml = bundled('practice.target.yaml');
const target: Target = targetSchema.parse(parse(yaml));
const unbound: Target = { ...target, bindings: [] };

test('most suggestions are what people chose, and each says why', () => {
  const chosen = new Map(
    bindItems(runbook, target).bound.map((bound) => [
      bound.item,
      [...bound.probes, ...bound.metrics, ...Object.values(bound.fields)],
    ]),
  );
  const suggestions = suggestBindings(runbook, unbound);
  const same = suggestions.filter(({ item, probe, metrics }) =>
    [probe, ...metrics].some((id) => id !== null && chosen.get(item)?.includes(id) === true),
  );
  expect(suggestions.length).toBeGreaterThan(40);
  expect(same.length / suggestions.length).toBeGreaterThan(0.7);
  expect(suggestions.every(({ reason }) => reason.startsWith('Both say "'))).toBe(true);
});

test('blanks are filled by the metric of their own name', () => {
  const latency = suggestBindings(runbook, unbound).find(({ words }) => words === 'API Latency');
  expect(latency?.fields).toEqual({ p50: 'latency-p50', p95: 'latency-p95', p99: 'latency-p99' });
});

test('what is bound already is left alone', () => {
  expect(suggestBindings(runbook, target)).toEqual([]);
});

test('accepted suggestions are added and every other byte stays', () => {
  const accepted = suggestBindings(runbook, unbound).slice(0, 3);
  const written = acceptBindings(yaml, accepted);
  const added = written.length - yaml.length;
  let same = 0;
  while (written[same] === yaml[same] && same < yaml.length) same++;
  expect(written.slice(same + added)).toBe(yaml.slice(same));
  const read = targetSchema.parse(parse(written));
  expect(read.bindings.slice(-3).map(({ item }) => item)).toEqual(accepted.map(({ words }) => words));
  expect(acceptBindings(yaml, [])).toBe(yaml);
});

const one = {
  item: 'x',
  words: 'Error rate < 0.1%: "q"',
  section: 'S',
  probe: 'p',
  metrics: ['m', 'n'],
  fields: { p50: 'm' },
  reason: 'r: "x"',
} as unknown as ReturnType<typeof suggestBindings>[number];

test.each([
  ['an empty list', 'a: 1\nbindings: []\nz: 2 # c\n', 0],
  ['nothing after the key', 'a: 1\nbindings:\nz: 2\n', 0],
  ['no key', 'a: 1 # hi\n', 0],
  ['a list with comments', 'bindings: # c\n  # one\n  - { item: a, by: human } # tail\n\n# next\nlinks: []\n', 1],
  ['a list at the edge', 'bindings:\n- item: a\n  by: human\n  note: |\n    long\n    text\nz: 1\n', 1],
  ['a list on one line', 'bindings: [{ item: a, by: human }]\n', 1],
  ['no last line end', 'bindings:\n  - item: a\n    by: human', 1],
])('%s takes a binding', (_name, text, before) => {
  const written = acceptBindings(text, [one]);
  const was = parse(text) as Record<string, unknown>;
  const is = parse(written) as { bindings: { item: string }[] };
  expect(is).toMatchObject({ ...was, bindings: expect.any(Array) });
  expect(is.bindings.length).toBe(before + 1);
  expect(is.bindings.at(-1)).toMatchObject({
    item: one.words,
    section: 'S',
    by: 'sensed',
    probe: 'p',
    metric: ['m', 'n'],
    fields: { p50: 'm' },
  });
  for (const comment of text.match(/#.*$/gmu) ?? []) expect(written).toContain(comment);
});
