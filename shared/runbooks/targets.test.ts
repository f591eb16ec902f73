import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { parseRunbook } from '../runbook/parse.ts';
import { itemsOf } from '../runbook/walk.ts';
import { subjectsOf } from '../alarms/subjects.ts';
import { bindItems, sameWords } from '../target/bind.ts';
import { parseTarget } from '../target/parse.ts';
import type { Target } from '../target/schema.ts';

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8');
const runbook = parseRunbook(read('production-deployment-checklist.md'));

const load = (name: string): Target => {
  const { target, problems } = parseTarget(read(`${name}.target.yaml`));
  expect(problems).toEqual([]);
  if (target === null) throw new Error(`${name} is no target`);
  return target;
};

describe.each([
  ['practice', { sensed: 71, command: 6, assisted: 28, human: 33 }],
  ['ywmessaging', { sensed: 64, command: 6, assisted: 28, human: 40 }],
] as const)('the bundled target %s', (name, split) => {
  const target = load(name);

  it('answers each of the 138 items once, and says how many in each way', () => {
    const { bound, unbound } = bindItems(runbook, target);
    expect(unbound).toEqual([]);
    expect(new Set(bound.map((one) => one.item))).toEqual(new Set(itemsOf(runbook).map((item) => item.id)));
    expect(bound).toHaveLength(138);
    const count = (by: string): number => bound.filter((one) => one.by === by).length;
    expect({
      sensed: count('sensed'),
      command: count('command'),
      assisted: count('assisted'),
      human: count('human'),
    }).toEqual(split);
    expect(read(`${name}.target.yaml`)).toContain(
      `${split.sensed} sensed, ${split.command} by command, ${split.assisted} assisted`,
    );
  });

  it('gives every person a word on how an item without a probe is answered', () => {
    const silent = target.bindings.filter((one) => one.by === 'human' && one.note === undefined);
    expect(silent).toEqual([]);
  });

  it("keeps the document's pairs of target and alert", () => {
    const lines = (id: string) => [target.metrics[id]?.target?.value, target.metrics[id]?.alert?.value];
    expect(lines('error-rate')).toEqual([0.1, 1]);
    expect(lines('latency-p95')).toEqual([500, 1_000]);
    expect(lines('pool-usage')).toEqual([60, 80]);
    expect(lines('memory')).toEqual([80, 85]);
  });

  it('puts each alert beyond its target, on the same side', () => {
    const wrong = Object.values(target.metrics).flatMap(({ target: amber, alert: red, label }) => {
      if (amber === undefined || red === undefined) return [];
      const further = amber.op.startsWith('<') ? red.value >= amber.value : red.value <= amber.value;
      return further && red.op[0] === amber.op[0] ? [] : [label];
    });
    expect(wrong).toEqual([]);
  });

  it('tells of each alarm who does what, how urgently, and where that is written', () => {
    const subjects = [...subjectsOf(target).values()];
    expect(subjects.length).toBeGreaterThan(40);
    expect(subjects.filter(({ priority }) => priority('fail') === 'high').map(({ id }) => id)).toContain('health');
    const headings = new Set(
      [
        ...runbook.phases.flatMap(({ title, sections }) => [title, ...sections.map((one) => one.title)]),
        ...runbook.references.map(({ title }) => title),
      ].map(sameWords),
    );
    const written = subjects.flatMap(({ procedure }) => procedure ?? []);
    expect(written.length).toBeGreaterThan(5);
    expect(written.filter((procedure) => !headings.has(sameWords(procedure)))).toEqual([]);
  });

  it('uses every probe and metric', () => {
    const probes = new Set([
      ...target.bindings.map((one) => one.probe),
      ...Object.values(target.metrics).map((one) => one.probe),
      ...Object.values(target.probes).flatMap((one) => one.needs),
      target.release?.probe,
    ]);
    const shown = ['webhook-stripe', 'postgres', 'redis', 'apm', 'status-page', 'checks']; // tiles of their own
    expect(Object.keys(target.probes).filter((id) => !probes.has(id) && !shown.includes(id))).toEqual([]);
    const metrics = new Set(target.bindings.flatMap((one) => [one.metric ?? []].flat()));
    expect(Object.keys(target.metrics).filter((id) => !metrics.has(id) && id !== 'activeUsers')).toEqual([]);
  });
});

describe('the ywmessaging target', () => {
  const probes = Object.entries(load('ywmessaging').probes);

  it('holds secrets as references only', () => {
    const secretive = /"([^"]*(?:key|token|secret|password|authorization|body)[^"]*)":"([^"]*)"/gi;
    const plain = probes.flatMap(([id, probe]) =>
      [...JSON.stringify(probe.with).matchAll(secretive)].flatMap(([, key, value = '']) =>
        value.startsWith('secret:') || value === 'war-room-marker' ? [] : [`${id}.${key}`],
      ),
    );
    expect(plain).toEqual([]);
  });

  it('runs once what costs money or changes something', () => {
    const repeated = probes
      .filter(([, probe]) => (probe.with['method'] ?? 'GET') !== 'GET' || probe.kind === 's3')
      .filter(([, probe]) => !probe.once);
    expect(repeated.map(([id]) => id)).toEqual([]);
  });
});

describe('the target of a run by hand', () => {
  it('binds nothing, so that every item of any checklist is a person’s', () => {
    const { bound } = bindItems(runbook, load('by-hand'));
    expect(bound.filter(({ by }) => by !== 'human')).toEqual([]);
  });

  it('begins a target that works once its example is uncommented', () => {
    const [, example = ''] = read('by-hand.target.yaml').split('to uncomment:\n#\n');
    const { target, problems } = parseTarget(
      `version: 1\nservice: s\nenvironment: staging\n${example.replaceAll(/^# ?/gmu, '')}`,
    );
    expect(problems).toEqual([]);
    expect(Object.keys(target?.probes ?? {})).toEqual(['health']);
  });
});
