import { readFileSync } from 'node:fs';
import { format } from 'oxfmt';
import type { FormatConfig } from 'oxfmt';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { parseTarget } from '../../shared/target/parse.ts';
import { targetSchema } from '../../shared/target/schema.ts';
import { probeKinds } from './index.ts';
import { checkProbeParams, targetJsonSchema } from './schema.ts';

const check = (probes: object, metrics: object = {}) =>
  checkProbeParams(targetSchema.parse({ version: 1, service: 's', environment: 'practice', probes, metrics })).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );
const http = { kind: 'http', label: 'H', with: { url: '${practice.http}/health' } };

test('a right target has no faults', () => {
  expect(
    check(
      { a: http },
      {
        m: { label: 'M', probe: 'a', series: 'latencyMs', aggregate: 'p95' },
        up: { label: 'U', probe: 'a', series: 'up', aggregate: 'share' },
      },
    ),
  ).toEqual([]);
});

test('every fault names its place', () => {
  expect(check({ a: { ...http, kind: 'htp' } })[0]).toMatch(
    /^probes\.a\.kind: there is no kind of probe "htp"; there are http, /,
  );
  expect(check({ a: { ...http, with: { url: 'x', tiemout: 3 } } })).toEqual(['probes.a.with: http knows no tiemout']);
  expect(check({ a: { ...http, with: { url: 'x', expect: { status: 'ok' } } } })[0]).toContain(
    'probes.a.with.expect.status: ',
  );
  expect(check({ a: { ...http, with: { url: 'x', expect: { text: { matches: '(' } } } } })[0]).toContain(
    'probes.a.with.expect.text',
  );
  expect(check({ a: { ...http, with: { url: 'x', take: { n: '$[' } } } })[0]).toContain(
    'probes.a.with.take.n: not a source',
  );
});

test('a secret has no place among arguments, where everybody on the machine sees it', () => {
  const command = { kind: 'command', label: 'C', once: true, with: { argv: ['tool', '--token', 'secret:token'] } };
  expect(check({ a: command })[0]).toMatch(/^probes\.a\.with\.argv: everybody on the machine sees arguments/);
  const log = { kind: 'log', label: 'L', with: { command: ['tail', 'secret:token'] } };
  expect(check({ a: log })[0]).toContain('everybody on the machine sees arguments');
  expect(check({ a: { ...command, with: { argv: ['tool'], env: { TOKEN: 'secret:token' } } } })).toEqual([]);
});

test('a request that changes something is not repeated by accident', () => {
  const post = { ...http, with: { url: 'x', method: 'POST' } };
  expect(check({ a: post })[0]).toContain('repeat: safe');
  expect(check({ a: { ...post, once: true } })).toEqual([]);
  expect(check({ a: { ...post, with: { ...post.with, repeat: 'safe' } } })).toEqual([]);
});

test('metrics stand on numbers that exist, in windows that hold enough of them', () => {
  const metric = (fields: object) =>
    check({ a: http }, { m: { label: 'M', probe: 'a', series: 'latencyMs', ...fields } })[0];
  expect(metric({ series: 'latency' })).toMatch(
    /^metrics\.m\.series: the probe "a" yields no number "latency"; it yields latencyMs, /,
  );
  expect(metric({ aggregate: 'ratio' })).toContain('metrics.m.aggregate');
  expect(metric({ aggregate: 'p99' })).toBe(
    'metrics.m.window: a p99 needs 100 readings, and this window holds 24; make it longer or ask more often',
  );
});

test('faults come with line and column out of the file', () => {
  const text =
    'version: 1\nservice: s\nenvironment: practice\nprobes:\n  a:\n    kind: http\n    label: H\n    with:\n      url: x\n      method: FETCH\n';
  expect(parseTarget(text, checkProbeParams).problems[0]).toMatchObject({ line: 10, column: 15 });
});

test.each(['practice', 'ywmessaging'])('the bundled target %s has no faults', (name) => {
  const text = readFileSync(new URL(`../../shared/runbooks/${name}.target.yaml`, import.meta.url), 'utf8');
  expect(parseTarget(text, checkProbeParams).problems).toEqual([]);
});

test('every kind describes itself', () => {
  expect(new Set(probeKinds.map(({ kind }) => kind)).size).toBe(probeKinds.length);
  for (const { kind, summary, params } of probeKinds) {
    expect(summary.length, kind).toBeGreaterThan(20);
    expect(() => z.toJSONSchema(params, { io: 'input', unrepresentable: 'any' })).not.toThrow();
  }
});

test('the JSON schema for editors is fresh; vitest --update writes it anew', async () => {
  const style = JSON.parse(readFileSync(new URL('../../build/oxfmt.json', import.meta.url), 'utf8')) as FormatConfig;
  const { code } = await format('target.schema.json', JSON.stringify(targetJsonSchema()), style);
  await expect(code).toMatchFileSnapshot('../../shared/target/target.schema.json');
});
