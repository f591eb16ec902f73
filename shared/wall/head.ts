import type { Priority } from '../alarms/events.ts';
import { lookOf, shownAlarms } from '../alarms/groups.ts';
import type { AlarmLook } from '../alarms/groups.ts';
import { unjudgedWords } from '../alarms/unjudged.ts';
import type { RunContext } from '../contract.ts';
import type { GateSight, GateState } from '../gate-rules.ts';
import { gateAhead, gateStanding } from '../gate-rules.ts';
import { withoutName } from '../format.ts';
import type { Alarm, Alarms } from '../projections/alarms.ts';
import { currentItem, isSettled, stateOf } from '../projections/checklist.ts';
import type { ItemState, ItemView } from '../projections/checklist.ts';
import { phaseOf, reachedPhase } from '../projections/phases.ts';
import { progressOf } from '../projections/progress.ts';
import { outcomeWords } from '../outcome.ts';
import { openRollback } from '../projections/rollback.ts';
import type { RollbackRoom, RollbackState, StepState } from '../projections/rollback.ts';
import type { Room } from '../projections/room.ts';
import type { Shift } from '../projections/shift.ts';
import { itemWords } from '../projections/timeline.ts';
import { dueList } from '../schedule/due.ts';
import type { Due } from '../schedule/due.ts';
import { runTime } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';
import type { Target } from '../target/schema.ts';
import type { WallRunning } from './running.ts';

/** A thing that the clock asks for; `at` is run time: its end, or its begin while it is still ahead. */
export type WallDue = {
  readonly title: string;
  readonly kind: Due['kind'];
  readonly at: number | null;
  readonly left: number;
};

export type WallVote = { readonly role: string; readonly said: 'go' | 'no-go' | 'silent' };

export type WallGate = {
  readonly title: string;
  readonly state: GateState;
  readonly votes: readonly WallVote[];
  /** How many things are in its way, and how many of them fail. */
  readonly blockers: number;
  readonly failing: number;
};

export type WallPhase = {
  readonly title: string;
  readonly standing: 'behind' | 'here' | 'ahead';
  readonly settled: number;
  readonly items: number;
};

export type WallItem = {
  readonly words: string;
  readonly state: ItemState;
  readonly value: string;
  readonly current: boolean;
};

/** Something that wants somebody. `since` is UTC epoch ms. */
export type WallAlarm = {
  readonly id: string;
  readonly label: string;
  readonly priority: Priority;
  readonly looks: AlarmLook;
  readonly since: number;
  readonly sentence: string;
  readonly acknowledged: boolean;
};

export type WallRollback = {
  readonly purpose: 'rollback' | 'deploy';
  readonly state: RollbackState;
  readonly sentence: string;
  /** When it was proposed, UTC epoch ms. */
  readonly since: number;
  readonly steps: readonly { readonly title: string; readonly state: StepState }[];
};

/** Everything a wall shows beside its tiles. Clocks and countdowns are reckoned by the wall itself from run time. */
export type WallHead = {
  readonly service: string;
  readonly environment: Target['environment'];
  readonly release: string;
  readonly practice: boolean;
  readonly clock: RunClock;
  /** T-0 in run time; `planned` while it has not come. */
  readonly t0: { readonly run: number; readonly planned: boolean } | null;
  readonly phases: readonly WallPhase[];
  readonly gate: WallGate | null;
  readonly overdue: readonly WallDue[];
  readonly due: readonly WallDue[];
  readonly next: readonly WallDue[];
  readonly counts: {
    readonly overdue: number;
    readonly missed: number;
    readonly open: number;
    readonly failing: number;
  };
  /** The items of the phase that is reached, from a little before the current one on. */
  readonly items: readonly WallItem[];
  readonly itemsLeft: number;
  readonly onPoint: { readonly name: string; readonly role: string | null } | null;
  readonly alarms: readonly WallAlarm[];
  readonly rollback: WallRollback | null;
  readonly running: readonly WallRunning[];
  readonly closed: { readonly at: number; readonly outcome: string; readonly words: string } | null;
};

/** The folds that a wall is made from, in the main process or in a window. */
export type WallSight = {
  readonly context: Pick<RunContext, 'runbook' | 'target'>;
  readonly room: Room;
  readonly shift: Shift;
  readonly rollbacks: RollbackRoom;
  readonly alarms: Alarms;
  readonly gates: GateSight;
  readonly running: readonly WallRunning[];
};

const shownDue = 4;
const shownItems = 24;
const before = 2;

const gateOf = (sight: GateSight): WallGate | null => {
  const gate = gateAhead(sight);
  if (gate === null) return null;
  const { state, view, blockers } = gateStanding(gate, sight);
  const { checklist } = sight;
  const failing = blockers.filter(({ item }) => {
    const at = item === null ? undefined : checklist.index.get(item);
    const found = at === undefined ? undefined : checklist.items[at];
    return found !== undefined && stateOf(checklist, found) === 'fail';
  });
  return {
    title: gate.title,
    state,
    blockers: blockers.length,
    failing: failing.length,
    votes: sight.voters.map(({ role, label }) => {
      const vote = view.votes.get(role);
      return { role: label, said: vote === undefined ? 'silent' : vote.go ? 'go' : 'no-go' };
    }),
  };
};

const phasesOf = ({ plan, checklist }: GateSight): readonly WallPhase[] => {
  const reached = reachedPhase(checklist);
  return plan.phases.map(({ id, title }) => {
    const { settled, items } = progressOf(checklist, id);
    const standing = id === reached ? 'here' : checklist.closed.has(id) ? 'behind' : 'ahead';
    return { title, standing, settled, items };
  });
};

/** The parts of one phase that are due together make one line; gates come first, for everything waits behind them. */
const dueLines = (list: readonly Due[], { plan }: GateSight, at: (due: Due) => number | null): readonly WallDue[] => {
  const titles = new Map(plan.phases.map(({ id, title }) => [id, title]));
  const groups = Map.groupBy(list, (due) =>
    due.kind === 'section' ? `${due.phase} ${due.fromAt} ${due.byAt}` : due.id,
  );
  return [...groups.values()]
    .flatMap((own): readonly WallDue[] => {
      const [first] = own;
      if (first === undefined) return [];
      const title = own.length === 1 ? first.title : (titles.get(first.phase) ?? first.title);
      return [{ title, kind: first.kind, at: at(first), left: own.reduce((sum, { left }) => sum + left, 0) }];
    })
    .toSorted((a, b) => Number(b.kind === 'gate') - Number(a.kind === 'gate'))
    .slice(0, shownDue);
};

const dueParts = ({
  room,
  gates,
}: WallSight): Pick<WallHead, 'overdue' | 'due' | 'next'> & { readonly missed: number; readonly late: number } => {
  const planned = room.started?.plannedT0 ?? null;
  const t0 = gates.t0 ?? (planned === null ? null : runTime(room.clock, planned));
  if (t0 === null || room.closed !== null) return { overdue: [], due: [], next: [], missed: 0, late: 0 };
  const lists = dueList(gates.plan, { ...gates, t0, begun: room.started?.at ?? 0 });
  return {
    overdue: dueLines(lists.overdue, gates, ({ byAt }) => byAt),
    due: dueLines(lists.now, gates, ({ byAt }) => byAt),
    next: dueLines(lists.next, gates, ({ fromAt }) => fromAt),
    missed: lists.missed.length,
    late: lists.overdue.length,
  };
};

const itemsOfPhase = ({ context, gates: { checklist } }: WallSight): Pick<WallHead, 'items' | 'itemsLeft'> => {
  const reached = reachedPhase(checklist);
  const words = itemWords(context.runbook);
  const current = currentItem(checklist);
  const own = checklist.items.filter((view) => view.kind !== 'group' && phaseOf(view) === reached);
  const at = Math.max(0, own.findIndex(({ id }) => id === current) - before);
  const from = Math.max(0, Math.min(at, own.length - shownItems));
  const line = (view: ItemView): WallItem => ({
    words: (words.get(view.id) ?? '').slice(0, 160),
    state: stateOf(checklist, view),
    value: (view.mark?.value ?? view.sensed?.value ?? '').slice(0, 60),
    current: view.id === current,
  });
  return {
    items: own.slice(from, from + shownItems).map(line),
    itemsLeft: own.filter((view) => !isSettled(checklist, view)).length,
  };
};

/** `title` stands beside it. */
const sentenceOf = ({ clearedAt, unjudged, sentence, label }: Alarm, title: string): string => {
  if (clearedAt !== null) return 'over, and nobody has seen it yet';
  const said = title === label ? withoutName(sentence, label) : sentence;
  return unjudged ? unjudgedWords(said) : said;
};

/** As the room lists them: one line a cause, and in a flood at most five. What is over and was seen by nobody stays. */
const alarmsOf = (alarms: Alarms, target: Target): readonly WallAlarm[] =>
  shownAlarms(alarms, target).groups.map(({ id, title, worst, first, alarms: own }) => ({
    id,
    label: own.length > 1 && first.label === title ? `${title} and ${own.length - 1} more` : title,
    priority: worst,
    looks: lookOf(first),
    since: first.raisedAt,
    sentence: sentenceOf(first, title),
    acknowledged: own.every(({ acknowledged }) => acknowledged !== null),
  }));

const rollbackOf = (room: RollbackRoom): WallRollback | null => {
  const open = openRollback(room);
  return open === null
    ? null
    : {
        purpose: open.proposed.purpose,
        state: open.state,
        sentence: open.sentence === '' ? open.proposed.reason : open.sentence,
        since: open.confirmed?.at ?? open.proposed.at,
        steps: open.steps.map(({ label, state }) => ({ title: label, state })),
      };
};

const onPointOf = ({ holder }: Shift, { operators }: Room): WallHead['onPoint'] =>
  holder === null ? null : { name: holder, role: operators.find(({ name }) => name === holder)?.role ?? null };

export const wallHead = (sight: WallSight): WallHead => {
  const { context, room, gates } = sight;
  const { started } = room;
  const planned = started?.plannedT0 ?? null;
  const t0 =
    room.t0 === null
      ? planned === null
        ? null
        : { run: runTime(room.clock, planned), planned: true }
      : { run: room.t0.run, planned: false };
  const { missed, late, ...dues } = dueParts(sight);
  const { items, itemsLeft } = itemsOfPhase(sight);
  return {
    service: started?.service ?? context.target.service,
    environment: started?.environment ?? context.target.environment,
    release: started?.release ?? '',
    practice: started?.practice === true,
    clock: room.clock,
    t0,
    phases: phasesOf(gates),
    gate: room.closed === null ? gateOf(gates) : null,
    ...dues,
    counts: { overdue: late, missed, open: itemsLeft, failing: progressOf(gates.checklist, null).failing },
    items,
    itemsLeft,
    onPoint: onPointOf(sight.shift, room),
    alarms: room.closed === null ? alarmsOf(sight.alarms, context.target) : [],
    rollback: rollbackOf(sight.rollbacks),
    running: sight.running,
    closed:
      room.closed === null
        ? null
        : { at: room.closed.at, outcome: room.closed.outcome, words: outcomeWords(room.closed) },
  };
};
