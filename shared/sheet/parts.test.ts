import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { fieldsOf, itemsOf } from '../runbook/walk.ts';
import { partsOf } from './parts.ts';

const text = readFileSync(new URL('../runbooks/production-deployment-checklist.md', import.meta.url), 'utf8');
const runbook = parseRunbook(text);

const shown = (line: string, fields: Parameters<typeof partsOf>[1]): string =>
  partsOf(line, fields)
    .map((part) =>
      part.kind === 'text'
        ? part.text
        : part.kind === 'blank'
          ? `<${part.caption ?? ''}|${part.blank.unit ?? ''}>`
          : `{${part.option.label}}`,
    )
    .join('');

const itemCalled = (words: string) => itemsOf(runbook).find((item) => item.text === words)!;

test('options stand as boxes with their words, and what follows them stays', () => {
  const decision = itemsOf(runbook).find(({ markdown }) => markdown.includes('**Decision**'))!;
  expect(shown(decision.markdown, decision.fields)).toBe('**Decision**: {Keep} {Rollback} (if No to any above)');
});

test('bold words around a blank lose the marks that would stand alone, and those within a part keep them', () => {
  const fields = fieldsOf(
    parseRunbook('# A\n\n**Lead: _____ Date: _____**\n\n**One** and **two: ____ of** ____ **x**\n'),
  );
  const on = (line: number) => fields.filter(({ span }) => span.line === line);
  expect(shown('**Lead: _____ Date: _____**', on(3))).toBe('Lead: <|> Date: <|>');
  expect(shown('**One** and **two: ____ of** ____ **x**', on(5))).toMatch(
    /^\*\*One\*\* and two: <.*?> of <.*?> \*\*x\*\*$/u,
  );
});

test('several values behind one name are named one by one', () => {
  const fields = itemCalled('Record baseline numbers').fields.slice(0, 3);
  expect(shown('API latency (p50, p95, p99): ___ms, ___ms, ___ms', fields)).toBe(
    'API latency (p50, p95, p99): <p50|ms>ms, <p95|ms>ms, <p99|ms>ms',
  );
});

test('a signature is a line for the name and one for the date', () => {
  const lead = itemCalled('Engineering Lead');
  expect(partsOf(lead.markdown, lead.fields).map(({ kind }) => kind)).toEqual(['text', 'blank', 'text', 'blank']);
});

test('where words and fields do not agree, every field still has a place of its own', () => {
  const [first, second] = fieldsOf(runbook).filter(({ kind }) => kind === 'blank');
  const parts = partsOf('only one ___ here', [first!, second!]);
  expect(parts.filter(({ kind }) => kind === 'blank')).toHaveLength(2);
  expect(parts.every((part) => part.kind !== 'blank' || part.caption === part.blank.label)).toBe(true);
});
