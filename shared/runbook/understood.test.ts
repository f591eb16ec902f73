import { readFileSync } from 'node:fs';
import { fc } from '../fixtures/properties.ts';
import { expect, test } from 'vitest';
import { anyDocument } from '../../e2e/bench/documents.ts';
import { bindItems } from '../target/bind.ts';
import { parseTarget } from '../target/parse.ts';
import { parseRunbook } from './parse.ts';
import { understoodOf } from './understood.ts';
import { itemsOf } from './walk.ts';

const file = (name: string): string => readFileSync(new URL(`../runbooks/${name}`, import.meta.url), 'utf8');
const runbook = parseRunbook(file('production-deployment-checklist.md'));
const { target } = parseTarget(file('practice.target.yaml'));

test('the real document: every item once, at its line, with what answers it', () => {
  const { bound } = bindItems(runbook, target!);
  const rows = understoodOf(runbook, bound, target);
  const items = rows.filter(({ kind }) => kind === 'item');
  expect(items.map(({ line }) => line)).toEqual(itemsOf(runbook).map(({ span }) => span.line));
  const sensed = bound.find(({ by, probes }) => by === 'sensed' && probes.length > 0)!;
  const line = itemsOf(runbook).find(({ id }) => id === sensed.item)!.span.line;
  const { label } = target!.probes[sensed.probes[0]!]!;
  expect(items.find((row) => row.line === line)?.facts.join()).toContain(`answered by the probe "${label}"`);
  expect(rows.filter(({ kind }) => kind === 'phase').length).toBe(7);
  expect(rows.flatMap(({ facts }) => facts).some((fact) => /^8 rounds of \d+ readings?, T\+/u.test(fact))).toBe(true);
});

test('blanks, options, limits and commands are said in words', () => {
  const text =
    '# A\n\n- [ ] p95: ___ms (target: <500ms) `curl -f localhost`\n- [ ] Go? ☐ Yes ☐ No\n\n## Rollback checklist\n\n1. step\n2. step two\n';
  const rows = understoodOf(parseRunbook(text), [], null);
  const facts = rows.flatMap((row) => row.facts).join('\n');
  for (const said of [
    'number',
    'in ms',
    'choose Yes / No',
    'command curl -f localhost',
    'a person answers',
    'inferred from',
  ])
    expect(facts).toContain(said);
});

test('in any document the stretches are all its lines, each once and in order', () => {
  fc.assert(
    fc.property(anyDocument, (text) => {
      const read = parseRunbook(text);
      let next = 1;
      for (const row of understoodOf(read, [], null)) {
        expect(row.line).toBe(next);
        expect(row.endLine).toBeGreaterThanOrEqual(row.line);
        expect(row.endLine - row.line).toBeLessThan(60);
        next = row.endLine + 1;
      }
      expect(next).toBe(read.lines + 1);
    }),
    { numRuns: 300 },
  );
});
