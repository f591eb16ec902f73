import { LineCounter, isMap, isScalar, parseDocument } from 'yaml';
import type { Document } from 'yaml';
import type { Problem } from '../runbook/model.ts';
import { subjectsOf } from '../alarms/subjects.ts';
import { targetSchema } from './schema.ts';
import type { Target } from './schema.ts';

/** A fault at a place in the file, named by its path of keys and indexes. */
export type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

/** The plain value of a document; null where its aliases grow beyond any honest file. */
const plain = (document: Document): { readonly value: unknown } | null => {
  try {
    return { value: document.toJS({ maxAliasCount: 100 }) };
  } catch (cause) {
    if (cause instanceof ReferenceError) return null;
    throw cause;
  }
};

type Locate = (path: readonly PropertyKey[], onKey: boolean) => { readonly line: number; readonly column: number };

/** Where a path stands in the text: the key itself, the value, or the nearest parent that exists. */
const locator =
  (document: Document, counter: LineCounter): Locate =>
  (path, onKey) => {
    for (let depth = path.length; depth >= 0; depth -= 1) {
      const parent: unknown = document.getIn(path.slice(0, Math.max(0, depth - 1)), true);
      const last = path[depth - 1];
      const pair = isMap(parent)
        ? parent.items.find((entry) => isScalar(entry.key) && entry.key.value === last)
        : undefined;
      const node: unknown = onKey && isMap(parent) ? pair?.key : document.getIn(path.slice(0, depth), true);
      const range = typeof node === 'object' && node !== null && 'range' in node ? node.range : null;
      if (Array.isArray(range) && typeof range[0] === 'number') {
        const { line, col } = counter.linePos(range[0]);
        return { line, column: col };
      }
    }
    return { line: 1, column: 1 };
  };

const asProblem = (
  locate: Locate,
  { path, message }: Fault,
  onKey = false,
  severity: Problem['severity'] = 'error',
): Problem => {
  const where = path.join('.');
  return {
    ...locate(path, onKey),
    severity,
    code: 'target',
    message: where === '' ? message : `${where}: ${message}`,
    fix: null,
  };
};

/** What a value is, in people's words; zod says it in a programmer's. */
const things: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  boolean: 'true or false',
  object: 'keys with values',
  record: 'keys with values',
  array: 'a list',
  null: 'empty',
};
const thing = (name: string): string => things[name] ?? name;

const noTarget = 'this is no target: one begins with "version: 1", then "service:" and "environment:"';

const wordsOf = ({ path, message }: { readonly path: readonly PropertyKey[]; readonly message: string }): string => {
  const [, wanted = '', is = ''] = /^Invalid input: expected (.+), received (\w+)$/u.exec(message) ?? [];
  if (is === 'undefined') return 'is missing';
  if (is !== '') return path.length === 0 ? noTarget : `must be ${thing(wanted)}, and is ${thing(is)}`;
  const [, options] = /^Invalid option: expected one of (.+)$/u.exec(message) ?? [];
  return options === undefined ? message : `must be one of ${options.replaceAll('"', '').split('|').join(', ')}`;
};

/** Names that point at nothing: a metric's probe, a binding's probe or metrics, a probe's needs. */
const danglingNames = (target: Target): Fault[] => {
  const faults: Fault[] = [];
  const probes = new Set(Object.keys(target.probes));
  const metrics = new Set(Object.keys(target.metrics));
  const either = new Set([...probes, ...metrics]);
  const roles = new Set(Object.keys(target.roles));
  const need = (known: ReadonlySet<string>, id: string | undefined, path: Fault['path'], what: string): void => {
    if (id === undefined || known.has(id)) return;
    const has = known.size === 0 ? 'none' : [...known].join(', ');
    faults.push({ path, message: `there is no ${what} "${id}" in this target; it has ${has}` });
  };
  for (const [id, probe] of Object.entries(target.probes))
    probe.needs.forEach((other, at) => need(probes, other, ['probes', id, 'needs', at], 'probe'));
  for (const [id, metric] of Object.entries(target.metrics)) {
    need(probes, metric.probe, ['metrics', id, 'probe'], 'probe');
    (metric.needs ?? []).forEach((other, at) => need(either, other, ['metrics', id, 'needs', at], 'probe or metric'));
  }
  for (const part of ['probes', 'metrics'] as const)
    for (const [id, { owner }] of Object.entries(target[part])) need(roles, owner, [part, id, 'owner'], 'role');
  // Both are told of by their ids alone: in bindings, in the history and in what is live.
  for (const id of metrics)
    if (probes.has(id))
      faults.push({
        path: ['metrics', id],
        message: `a probe is called "${id}" already; give the metric another name`,
      });
  need(probes, target.release?.probe, ['release', 'probe'], 'probe');
  target.bindings.forEach((binding, at) => {
    need(probes, binding.probe, ['bindings', at, 'probe'], 'probe');
    for (const metric of [binding.metric ?? []].flat()) need(metrics, metric, ['bindings', at, 'metric'], 'metric');
    for (const [field, metric] of Object.entries(binding.fields))
      need(metrics, metric, ['bindings', at, 'fields', field], 'metric');
    if (binding.by === 'sensed' && binding.probe === undefined && binding.metric === undefined)
      faults.push({ path: ['bindings', at], message: 'a sensed item names the probe or the metric that answers it' });
  });
  return faults;
};

const upward = (op: string): boolean => op.startsWith('<');

/** An alert that is raised where the target is met was written the wrong way round, and would never or always ring. */
const contradictions = (target: Target): Fault[] =>
  Object.entries(target.metrics).flatMap(([id, { target: wanted, alert }]) => {
    if (wanted === undefined || alert === undefined || wanted.op === '=') return [];
    const path = ['metrics', id, 'alert'];
    const said = `the target "${wanted.op} ${wanted.value}"`;
    const up = upward(wanted.op);
    if (up !== upward(alert.op)) {
      const right = `${up ? '>' : '<'} ${alert.value}`;
      return [{ path, message: `an alert says when the alarm is raised: beside ${said} write "${right}"` }];
    }
    if (up ? alert.value >= wanted.value : alert.value <= wanted.value) return [];
    const message = `this alert would be raised where ${said} is still met: it lies ${up ? 'above' : 'below'} the target`;
    return [{ path, message }];
  });

/** Where every other alarm is urgent, none is (A5): at most one in ten may be, and one always may. */
const urgencies = (target: Target): Fault[] => {
  const all = [...subjectsOf(target).values()];
  const high = all.filter(({ priority }) => priority('fail') === 'high');
  if (high.length <= Math.max(1, all.length / 10)) return [];
  const { subject = 'probe', id = '' } = high.at(-1) ?? {};
  return [
    {
      path: [subject === 'probe' ? 'probes' : 'metrics', id],
      message: `${high.length} of the ${all.length} alarms of this target are urgent, more than one in ten: give "priority: medium" to those that can wait a few minutes (${high.map((one) => one.id).join(', ')})`,
    },
  ];
};

const partOfSecret = /(?:^|\s)(secret:[\w.-]+)/u;
const foreignVariable = /\$\{(?![a-z0-9.-]+\})[^}]*\}/iu;

/** What looks as if it were replaced and is sent as it stands: a secret within other words, a variable of a shell. */
const literals = (value: unknown, path: Fault['path'], sent: boolean): Fault[] => {
  if (typeof value === 'string') {
    const secret = partOfSecret.exec(value)?.[1];
    if (secret !== undefined && secret !== value)
      return [
        {
          path,
          message: `"${secret}" is replaced only where it is the whole value; keep the other words in the secret`,
        },
      ];
    const variable = sent ? foreignVariable.exec(value)?.[0] : undefined;
    return variable === undefined
      ? []
      : [{ path, message: `"${variable}" is sent as it stands; for a secret write "secret:NAME" as the whole value` }];
  }
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) =>
    literals(entry, [...path, key], sent || key === 'headers' || key === 'url'),
  );
};

const literalsIn = ({ probes }: Target): Fault[] =>
  Object.entries(probes).flatMap(([id, probe]) => literals(probe.with, ['probes', id, 'with'], false));

export type ParsedTarget = {
  readonly target: Target | null;
  /** What was written, where its shape is a target's: to be looked at further, and not to be used. */
  readonly written: Target | null;
  readonly problems: readonly Problem[];
};

/** The errors of a text that is no YAML; most of them follow from the first. */
const mostTold = 100;

const unreadable = { target: null, written: null } as const;

/**
 * Reads a target. Every problem has its line and column; with any error the target is null, so that half a target
 * is never used; a warning leaves it as it is. `checkParams` lets the Node side check what each kind of probe wants.
 */
export const parseTarget = (
  text: string,
  checkParams: (target: Target) => readonly Fault[] = () => [],
): ParsedTarget => {
  const counter = new LineCounter();
  const document = parseDocument(text, { lineCounter: counter, prettyErrors: false });
  if (document.errors.length > 0)
    return {
      ...unreadable,
      problems: document.errors.slice(0, mostTold).map(({ pos, message: said }) => {
        const { line, col } = counter.linePos(pos[0]);
        const message = said.includes('call stack') ? 'this is nested too deep to be read' : `not YAML: ${said}`;
        return { line, column: col, severity: 'error', code: 'yaml', message, fix: null };
      }),
    };
  const locate = locator(document, counter);
  const content = plain(document);
  if (content === null)
    return {
      ...unreadable,
      problems: [
        asProblem(locate, {
          path: [],
          message: 'its aliases point at nothing or multiply too far; write the values out',
        }),
      ],
    };
  const parsed = targetSchema.safeParse(content.value);
  if (!parsed.success)
    return {
      ...unreadable,
      problems: parsed.error.issues.flatMap((issue) =>
        issue.code === 'unrecognized_keys'
          ? issue.keys.map((key) =>
              asProblem(
                locate,
                {
                  path: [...issue.path, key] as Fault['path'],
                  message: 'this key is not known here; check its spelling',
                },
                true,
              ),
            )
          : [asProblem(locate, { path: issue.path as Fault['path'], message: wordsOf(issue) })],
      ),
    };
  const faults = [...danglingNames(parsed.data), ...contradictions(parsed.data), ...checkParams(parsed.data)];
  const remarks = [
    ...urgencies(parsed.data).map((fault) => asProblem(locate, fault, true, 'warning')),
    ...literalsIn(parsed.data).map((fault) => asProblem(locate, fault, false, 'warning')),
  ];
  return {
    target: faults.length > 0 ? null : parsed.data,
    written: parsed.data,
    problems: [...faults.map((fault) => asProblem(locate, fault)), ...remarks],
  };
};
