import { describe, expect, it } from 'vitest';
import { parseTarget } from './parse.ts';

const good = `version: 1
service: backend-api
environment: staging
probes:
  health:
    kind: http
    label: Health
    every: 5s
    with: { url: "http://127.0.0.1:1/health" }
metrics:
  latency-p95:
    label: Latency p95
    unit: ms
    probe: health
    series: latencyMs
    aggregate: p95
    target: "< 500"
    alert: "> 1000"
bindings:
  - item: All servers healthy and ready
    by: sensed
    probe: health
`;

const problemsOf = (text: string) =>
  parseTarget(text).problems.map(({ line, column, message }) => ({ line, column, message }));

describe('a target file', () => {
  it('reads durations and limits as numbers', () => {
    const { target, problems } = parseTarget(good);
    expect(problems).toEqual([]);
    expect(target?.probes.health?.every).toBe(5_000);
    expect(target?.metrics['latency-p95']?.target).toEqual({ op: '<', value: 500 });
    expect(target?.metrics['latency-p95']?.alert).toEqual({ op: '<=', value: 1_000 });
  });

  it('takes an alert as the words say it, and refuses one that rings where the target is met', () => {
    const [problem] = problemsOf(good.replace('alert: "> 1000"', 'alert: "< 1000"'));
    expect(problem).toMatchObject({ line: 18, column: 12 });
    expect(problem?.message).toContain('write "> 1000"');
    const [inside] = problemsOf(good.replace('alert: "> 1000"', 'alert: "> 300"'));
    expect(inside?.message).toContain('where the target "< 500" is still met');
  });

  it('names a wrong key at its own line and column', () => {
    const [problem] = problemsOf(good.replace('    every: 5s', '    evry: 5s'));
    expect(problem).toMatchObject({ line: 8, column: 5 });
    expect(problem?.message).toContain('probes.health.evry');
  });

  it('names a wrong value at the value', () => {
    expect(problemsOf(good.replace('every: 5s', 'every: 5 sec'))[0]).toMatchObject({ line: 8, column: 12 });
    expect(problemsOf(good.replace('"< 500"', '"about 500"'))[0]).toMatchObject({ line: 17, column: 13 });
  });

  it('names what points at nothing, and what could be meant', () => {
    const [problem] = problemsOf(good.replace('    probe: health\n    series', '    probe: helth\n    series'));
    expect(problem).toMatchObject({ line: 14 });
    expect(problem?.message).toContain('it has health');
  });

  it('refuses an owner that is no role, and one name for a probe and a metric', () => {
    expect(problemsOf(good.replace('    every: 5s', '    owner: dba'))[0]?.message).toContain('no role "dba"');
    expect(problemsOf(good.replace('  latency-p95:', '  health:'))[0]?.message).toContain('called "health" already');
  });

  it('warns where more than one alarm in ten is urgent, and is used all the same', () => {
    const probe = (at: number, rest: string): string => `  p${at}: { kind: http, label: P, todo: Look., ${rest} }\n`;
    const probes = (urgent: number): string =>
      Array.from({ length: 20 }, (_, at) => probe(at, at < urgent ? 'critical: true' : 'priority: low')).join('');
    const of = (urgent: number) => parseTarget(good.replace('metrics:', `${probes(urgent)}metrics:`));
    expect(of(2).problems).toEqual([]);
    const { target, problems } = of(3);
    expect(target).not.toBeNull();
    expect(problems).toMatchObject([{ severity: 'warning', line: 12 }]);
    expect(problems[0]?.message).toContain('3 of the 20 alarms');
  });

  it('refuses a sensed item that nothing answers', () => {
    expect(problemsOf(good.replace('    by: sensed\n    probe: health\n', '    by: sensed\n'))[0]?.line).toBe(20);
  });

  it('says where text is not YAML, and uses none of it', () => {
    const { target, problems } = parseTarget('version: 1\nservice: "open\nprobes: [');
    expect(target).toBeNull();
    expect(problems[0]?.line).toBeGreaterThan(1);
  });

  it('gives a sentence for an empty file, a list, and a number', () => {
    for (const text of ['', '- a\n- b\n', '42', 'null']) {
      const { target, problems } = parseTarget(text);
      expect(target).toBeNull();
      expect(problems.length).toBeGreaterThan(0);
    }
  });

  it('says in words what a value must be, what it is, and what a target is at all', () => {
    const said = (text: string): string | undefined => problemsOf(text)[0]?.message;
    for (const text of ['', 'null', '- a\n'])
      expect(said(text)).toMatch(/^this is no target: one begins with "version: 1"/u);
    expect(said('version: 1\nservice: [a]\nenvironment: staging\n')).toBe('service: must be a text, and is a list');
    expect(said('version: 1\nservice: a\nenvironment: staging\nprobes:\n')).toBe(
      'probes: must be keys with values, and is empty',
    );
    expect(said('version: 1\nservice: a\nenvironment: prod\n')).toMatch(/^environment: must be one of \w+, \w+/u);
  });

  it('warns of what looks as if it were replaced and would be sent as it stands', () => {
    const asked = (value: string): readonly string[] =>
      parseTarget(
        `version: 1\nservice: a\nenvironment: staging\nprobes:\n  h:\n    kind: http\n    label: H\n    with: { url: 'https://a.example/', headers: { authorization: ${JSON.stringify(value)} } }\n`,
      ).problems.map(({ line, severity, message }) => `${line} ${severity} ${message}`);
    expect(asked('secret:shop-token')).toEqual([]);
    expect(asked('${practice.http}')).toEqual([]);
    expect(asked('Bearer secret:shop-token')).toEqual([
      '8 warning probes.h.with.headers.authorization: "secret:shop-token" is replaced only where it is the whole value; keep the other words in the secret',
    ]);
    expect(asked('Bearer ${SHOP_TOKEN}')).toEqual([
      '8 warning probes.h.with.headers.authorization: "${SHOP_TOKEN}" is sent as it stands; for a secret write "secret:NAME" as the whole value',
    ]);
  });

  it('survives an alias bomb', () => {
    const bomb = [
      'a: &a [x,x,x,x,x,x,x,x,x,x]',
      ...'bcdefgh'.split('').map((name, at) => `${name}: &${name} [${Array(10).fill(`*${'abcdefg'[at]}`).join(',')}]`),
    ].join('\n');
    const { target, problems } = parseTarget(bomb);
    expect(target).toBeNull();
    expect(problems.length).toBeGreaterThan(0);
  });

  it('reports what a kind of probe wants at the place in its parameters', () => {
    const { target, problems } = parseTarget(good, () => [
      { path: ['probes', 'health', 'with', 'url'], message: 'not a URL' },
    ]);
    expect(target).toBeNull();
    expect(problems[0]).toMatchObject({ line: 9, column: 18 });
  });
});
