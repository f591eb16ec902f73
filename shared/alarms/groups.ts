import { formatCount } from '../format.ts';
import { explains, explainsSilence, isActive, shelfOf } from '../projections/alarms.ts';
import type { Alarm, Alarms, Shelf } from '../projections/alarms.ts';
import type { ProbeSpec, Target } from '../target/schema.ts';
import { priorities } from './events.ts';
import type { Priority } from './events.ts';
import { causeOf, keyIn } from './subjects.ts';

/** The state whose shape an alarm has: what is over, what nobody knows for now and what nobody can judge look like no failure. */
export type AlarmLook = 'fail' | 'warn' | 'unknown' | 'pending' | 'done';

/** Most urgent first. */
const looks: readonly AlarmLook[] = ['fail', 'warn', 'unknown', 'pending'];

export const lookOf = (alarm: Alarm): AlarmLook => {
  if (!isActive(alarm)) return 'done';
  if (!alarm.sensed) return 'pending';
  if (alarm.unjudged) return 'unknown';
  return alarm.priority === 'low' ? 'warn' : 'fail';
};

/** What people see as one line: an alarm with those it explains, or in a flood everything of one cause. */
export type AlarmGroup = {
  readonly id: string;
  readonly title: string;
  /** True where `first` explains the others; false where they only fail at one place. */
  readonly byCause: boolean;
  /** Stands for the group: its cause where that has an alarm, else its worst. */
  readonly first: Alarm;
  /** All of the group, `first` among them. */
  readonly alarms: readonly Alarm[];
  readonly worst: Priority;
  readonly newestAt: number;
};

export type AlarmsShown = {
  readonly groups: readonly AlarmGroup[];
  /** Those that lie on a shelf now, with their alarms as they stand. */
  readonly shelved: readonly { readonly shelf: Shelf; readonly alarm: Alarm; readonly explained: readonly Alarm[] }[];
  /** Alarms whose condition stands and was sensed, shelved ones left out. */
  readonly live: number;
  /** Alarms of before a restart or a silence: nobody knows for now. */
  readonly unsensed: number;
  readonly unacknowledged: number;
  readonly worst: Priority | null;
  /** How the most urgent one that stands looks; null where none stands. */
  readonly looks: AlarmLook | null;
};

/** More lines than this are never shown; what is over stands in the last one. */
const mostGroups = 5;

/** Low ones that are over are no news; of the others somebody says that they were seen. So does one that another explains. */
const isOpen = (alarm: Alarm): boolean =>
  isActive(alarm) || (alarm.acknowledged === null && alarm.priority !== 'low' && alarm.cause === null);

const rank = (alarm: Alarm): number => priorities.indexOf(alarm.priority);
const worstOf = (alarms: readonly Alarm[]): Priority =>
  priorities.find((priority) => alarms.some((alarm) => alarm.priority === priority)) ?? 'low';

/** What stands and waits for somebody first, then the worse, then the newer. */
const before = (a: Alarm, b: Alarm): number =>
  Number(isActive(b)) - Number(isActive(a)) ||
  Number(a.acknowledged !== null) - Number(b.acknowledged !== null) ||
  rank(a) - rank(b) ||
  b.newAt - a.newAt;

/** The same for groups: what is explained counts too, where it is worse or nobody has seen it yet. */
const groupBefore = (a: AlarmGroup, b: AlarmGroup): number => {
  const seen = ({ alarms }: AlarmGroup): boolean => alarms.every(({ acknowledged }) => acknowledged !== null);
  return (
    Number(b.alarms.some(isActive)) - Number(a.alarms.some(isActive)) ||
    Number(seen(a)) - Number(seen(b)) ||
    priorities.indexOf(a.worst) - priorities.indexOf(b.worst) ||
    b.newestAt - a.newestAt ||
    (a.id < b.id ? -1 : 1)
  );
};

const groupOf = (
  { id, title, byCause }: Pick<AlarmGroup, 'id' | 'title' | 'byCause'>,
  alarms: readonly Alarm[],
  first?: Alarm,
): AlarmGroup => {
  const sorted = alarms.toSorted(before);
  return {
    id,
    title,
    byCause,
    first: first ?? sorted[0]!,
    alarms: sorted,
    worst: worstOf(alarms),
    newestAt: Math.max(...alarms.map(({ newAt }) => newAt)),
  };
};

/** Where a probe asks, as far as its parameters name a place; probes of one place that fail together have one cause. */
const placeOf = ({ kind, with: params }: ProbeSpec): string => {
  const texts = Object.values(params).filter((value) => typeof value === 'string');
  const address = texts.map(
    (text) => /^(?:[a-z]+:\/\/)?(\$\{[^}]+\}|[\w.-]+\.[a-z]{2,}|[\w.-]+:\d+)/iu.exec(text)?.[1],
  );
  // A variable stands for an address that only the main process knows; its name says as much.
  return address.find((found) => found !== undefined)?.replace(/^\$\{(.+)\}$/u, '$1') ?? kind;
};

const probeOf = (target: Parts, { subject, id }: Alarm): string =>
  subject === 'probe' ? id : (target.metrics[id]?.probe ?? id);

type Parts = Pick<Target, 'probes' | 'metrics'>;

/** The key of the alarm that explains each, its own where none does. What is over is explained by nothing. */
const headsOf = (alarms: Alarms, target: Parts): ((alarm: Alarm) => string) => {
  const standing =
    (may: (alarm: Alarm) => boolean) =>
    (id: string): boolean => {
      const alarm = alarms.byKey.get(keyIn(target, id));
      return alarm !== undefined && may(alarm);
    };
  return (alarm) => {
    const may = standing(alarm.unjudged ? explainsSilence : explains);
    const cause = isActive(alarm) ? causeOf(target, alarm.id, may) : null;
    return cause === null ? alarm.key : keyIn(target, cause);
  };
};

/** One group for each alarm that stands for itself, with what it explains under it. */
const byCause = (open: readonly Alarm[], headOf: (alarm: Alarm) => string): AlarmGroup[] => {
  const heads = new Map(open.map((alarm) => [alarm.key, alarm]));
  const keyFor = (alarm: Alarm): string => (heads.has(headOf(alarm)) ? headOf(alarm) : alarm.key);
  return [...Map.groupBy(open, keyFor)].map(([key, own]) => {
    const first = heads.get(key);
    return groupOf({ id: key, title: first?.label ?? '', byCause: true }, own, first);
  });
};

type Shelved = AlarmsShown['shelved'][number];

/** Those on a shelf, each with what it explains; but what is worse than the shelved one itself stays in sight. */
const onShelves = (all: readonly Alarm[], alarms: Alarms, headOf: (alarm: Alarm) => string): readonly Shelved[] =>
  all.flatMap((alarm): readonly Shelved[] => {
    const shelf = shelfOf(alarms, alarm.key);
    if (shelf === null) return [];
    const explained = all.filter(
      (other) => other.key !== alarm.key && headOf(other) === alarm.key && rank(other) >= rank(alarm),
    );
    return [{ shelf, alarm, explained }];
  });

/** What has one cause is one line, and where nothing names a cause, what is asked at one place. */
const byPlace = (groups: readonly AlarmGroup[], target: Parts): AlarmGroup[] => {
  const alone = groups.filter(({ alarms }) => alarms.length === 1);
  const placed = Map.groupBy(alone, ({ first }) => {
    const spec = target.probes[probeOf(target, first)];
    return spec === undefined ? first.subject : placeOf(spec);
  });
  const merged = [...placed].flatMap(([place, own]): readonly AlarmGroup[] => {
    const alarms = own.flatMap((group) => group.alarms);
    return own.length === 1
      ? own
      : [
          groupOf(
            { id: `place ${place}`, title: `${formatCount(alarms.length, 'alarm')} at ${place}`, byCause: false },
            alarms,
          ),
        ];
  });
  return [...groups.filter(({ alarms }) => alarms.length > 1), ...merged];
};

const bounded = (groups: readonly AlarmGroup[]): readonly AlarmGroup[] => {
  if (groups.length <= mostGroups) return groups;
  const rest = groups.slice(mostGroups - 1);
  const alarms = rest.flatMap((group) => group.alarms);
  return [
    ...groups.slice(0, mostGroups - 1),
    groupOf(
      {
        id: 'rest',
        title: `${formatCount(rest.length, 'more cause')}, ${formatCount(alarms.length, 'alarm')}`,
        byCause: false,
      },
      alarms,
    ),
  ];
};

/**
 * What a list of alarms shows, worst and newest first: at most five lines at any moment, because whoever meets hundreds
 * at once sees them before anybody can call it a flood.
 */
export const shownAlarms = (alarms: Alarms, target: Parts): AlarmsShown => {
  const all = [...alarms.byKey.values()].filter(isOpen);
  const headOf = headsOf(alarms, target);
  const shelved = onShelves(all, alarms, headOf);
  const away = new Set(shelved.flatMap(({ alarm, explained }) => [alarm, ...explained]).map(({ key }) => key));
  const open = all.filter(({ key }) => !away.has(key));
  const single = byCause(open, headOf);
  const crowded = alarms.flood !== null || single.length > mostGroups;
  const groups = bounded((crowded ? byPlace(single, target) : single).toSorted(groupBefore));
  const active = open.filter(isActive);
  return {
    groups,
    shelved,
    live: active.filter(({ sensed }) => sensed).length,
    unsensed: active.filter(({ sensed }) => !sensed).length,
    unacknowledged: open.filter(({ acknowledged }) => acknowledged === null).length,
    worst: active.length === 0 ? null : worstOf(active),
    looks: looks.find((look) => active.some((alarm) => lookOf(alarm) === look)) ?? null,
  };
};

/** The order people have before their eyes stays: what is new comes last, what is gone leaves its place. */
export const inOrder = (groups: readonly AlarmGroup[], order: readonly string[]): readonly AlarmGroup[] => {
  const place = (id: string): number => (order.includes(id) ? order.indexOf(id) : order.length);
  return groups.toSorted((a, b) => place(a.id) - place(b.id));
};
