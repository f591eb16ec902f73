import { outcomes } from '../events.ts';
import type { WallFrame } from './contract.ts';
import type { WallAlarm, WallDue, WallGate, WallHead, WallItem, WallPhase, WallRollback, WallVote } from './head.ts';
import type { WallRunning } from './running.ts';
import type { WallTile } from './tiles.ts';

/**
 * What may cross a way that is open to everybody in the building. Each field of a frame says below what it is, and what
 * says nothing does not cross: a field that is added to a wall has to be thought of here before this compiles.
 */

type Mask = (words: string) => string;
/** How one field crosses, with its place in its list. */
type Rule<T> = (value: T, mask: Mask, at: number) => T;
type Rules<T> = { readonly [Key in keyof T]-?: Rule<T[Key]> };
/** What holds no text that somebody wrote: numbers, switches, and words of a closed list. */
type Closed<T> = string extends T ? never : T extends object ? { readonly [Key in keyof T]: Closed<T[Key]> } : T;

const closed = <T>(value: T & Closed<T>): T => value;
const outcome: Rule<string> = (word) => outcomes.find((known) => known === word) ?? '';
/** How a run ended, in words and counts of our own: "complete except 2 deferred". */
const ending: Rule<string> = (words) =>
  /^(?:(?:complete|stopped|except|deferred|with|overrides?|open|not applicable|\d+)[ ,]*)*$/v.test(words) ? words : '';
/** What people gave a thing to be called by: without the people, hosts and places that this run knows. */
const name: Rule<string> = (words, mask) => mask(words);
/** What a person or a machine said in free words stays behind. */
const free: Rule<string> = () => '';
/** So does a value, unless it is a number. */
const figure: Rule<string> = (text) => (/^[\-+]?[\d.,]*$/v.test(text) ? text : '');
const figures: Rule<string> = (text) => (/^(?:(?:limit|before) -?[\d.,]+(?: · )?){0,2}$/v.test(text) ? text : '');
/** Lines of a document and of a plan are free words: what is left of one is which one it is. */
const numbered =
  (word: string): Rule<string> =>
  (_words, _mask, at) =>
    `${word} ${at + 1}`;
/** Tells one from another, and nothing else: "metric 9f2c…". */
const mark: Rule<string> = (id) => {
  let hash = 0x81_1c_9d_c5;
  for (const letter of id) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01_00_01_93) >>> 0;
  return `${/^(?:metric|probe)(?= )/v.exec(id)?.[0] ?? 'other'} ${hash.toString(16)}`;
};

const by =
  <T extends object>(rules: Rules<T>): Rule<T> =>
  (value, mask, at) => {
    const crossed = (Object.keys(rules) as (keyof T & string)[]).map((key) => [key, rules[key](value[key], mask, at)]);
    return Object.fromEntries(crossed) as T;
  };
const each =
  <T>(rule: Rule<T>): Rule<readonly T[]> =>
  (list, mask) =>
    list.map((value, at) => rule(value, mask, at));
const maybe =
  <T>(rule: Rule<T>): Rule<T | null> =>
  (value, mask, at) =>
    value === null ? null : rule(value, mask, at);

const running = (label: Rule<string>): Rule<WallRunning> =>
  by<WallRunning>({ of: closed, label, since: closed, ofMs: closed, line: free });
/** A probe goes by the name that people gave it, a command by its own words, and those are a line of the document. */
const runs = { probe: running(name), command: running(numbered('Command')) } as const;

const due = each(by<WallDue>({ title: name, kind: closed, at: closed, left: closed }));

const head = by<WallHead>({
  ...{ service: name, environment: closed, release: name, practice: closed, clock: closed, t0: closed },
  phases: each(by<WallPhase>({ title: name, standing: closed, settled: closed, items: closed })),
  gate: maybe(
    by<WallGate>({
      ...{ title: name, state: closed, blockers: closed, failing: closed },
      votes: each(by<WallVote>({ role: name, said: closed })),
    }),
  ),
  ...{ overdue: due, due, next: due, counts: closed, itemsLeft: closed },
  items: each(by<WallItem>({ words: numbered('Item'), state: closed, value: free, current: closed })),
  // A person is what they are there for.
  onPoint: maybe(({ role }, mask) => ({ name: role === null ? 'somebody' : mask(role), role: null })),
  alarms: each(
    by<WallAlarm>({
      ...{
        id: mark,
        label: name,
        priority: closed,
        since: closed,
        sentence: free,
        acknowledged: closed,
        looks: closed,
      },
    }),
  ),
  rollback: maybe(
    by<WallRollback>({
      ...{ purpose: closed, state: closed, sentence: free, since: closed },
      steps: each(by<WallRollback['steps'][number]>({ title: numbered('Step'), state: closed })),
    }),
  ),
  running: each((value, mask, at) => runs[value.of](value, mask, at)),
  closed: maybe(by<NonNullable<WallHead['closed']>>({ at: closed, outcome, words: ending })),
});

const tile = by<WallTile>({
  ...{ id: mark, label: name, state: closed, number: figure, unit: name, at: closed, lines: figures },
  ...{ points: closed, target: closed, alert: closed, baseline: closed },
});

const frame = by<WallFrame>({
  ...{ at: closed, runId: (id) => id, seq: closed, missed: closed, muted: closed },
  redacted: () => true,
  head: maybe(head),
  tiles: each(tile),
});

/** Addresses, hosts, e-mail, and anything long enough to be a key: what no list of this run knows, but looks like it. */
const looksHidden = (words: string): string =>
  words
    .replaceAll(/\b[a-z][a-z\d+.\-]*:\/\/\S+/giv, '[address]')
    .replaceAll(/\S+@\S+/gv, '[address]')
    .replaceAll(/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/gv, '[address]')
    .replaceAll(/\b(?:[a-z\d\-]+\.){2,}[a-z]{2,}\b/giv, '[host]')
    .replaceAll(/(?=\S*\d)[\w+\/=\-]{20,}/gv, '[hidden]');

const maskOf = (names: readonly string[]): Mask => {
  if (names.length === 0) return looksHidden;
  const known = new RegExp(
    `(?<![\\p{L}\\d])(?:${names.map((word) => word.replaceAll(/[\\^$.*+?()[\]{}|/]/g, String.raw`\$&`)).join('|')})(?![\\p{L}\\d])`,
    'giv',
  );
  return (words) => looksHidden(words.replaceAll(known, '[hidden]'));
};

/** A frame as everybody on the network may read it. `names`: the people, hosts and places of its run. */
export const redactFrame = (given: WallFrame, names: readonly string[]): WallFrame => frame(given, maskOf(names), 0);
