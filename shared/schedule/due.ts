import { gatesOf, orderOf } from '../gates.ts';
import type { Gate } from '../gates.ts';
import { isSettled } from '../projections/checklist.ts';
import type { Checklist } from '../projections/checklist.ts';
import { gateView, isPassed } from '../projections/gates.ts';
import type { Gates } from '../projections/gates.ts';
import type { Rounds } from '../projections/rounds.ts';
import type { Phase, Runbook, Section } from '../runbook/model.ts';
import { itemsOf } from '../runbook/walk.ts';
import { graceOf, roundsOf, visitsOf } from './rounds.ts';
import type { Round, RoundId, Visit } from './rounds.ts';

/** One thing that the clock asks for. All moments are run time; `left` of `of` is what is still to do. */
export type Due = {
  readonly kind: 'section' | 'visit' | 'gate' | 'after' | 'action' | 'review';
  /** The section's or item's, the first round's, the gate's, or the incident's (and action's) id. */
  readonly id: string;
  /** The phase it belongs to; the incident for what one left to do. */
  readonly phase: string;
  readonly title: string;
  readonly fromAt: number;
  /** From when on it is overdue; null where the document sets no end. */
  readonly byAt: number | null;
  readonly left: number;
  readonly of: number;
  /** What became of the rounds of a visit that was missed. */
  readonly missed: boolean;
};

/** What the clock asks for at one moment. Each thing stands in one list; what is done stands in none. */
export type DueList = {
  readonly now: readonly Due[];
  readonly next: readonly Due[];
  readonly overdue: readonly Due[];
  readonly missed: readonly Due[];
};

/** What the document plans, made once a run: its rounds, its gates, and the sections with a time that no round reads. */
export type Plan = {
  readonly rounds: ReadonlyMap<RoundId, Round>;
  readonly visits: readonly Visit[];
  readonly gates: readonly Gate[];
  /** All phases but a rollback's, in order. */
  readonly phases: readonly Phase[];
  readonly sections: readonly { readonly phase: Phase; readonly section: Section }[];
};

export const planOf = (runbook: Runbook): Plan => {
  const rounds = roundsOf(runbook);
  const read = new Set(rounds.flatMap(({ readings }) => readings.map(({ item }) => item)));
  const phases = orderOf(runbook);
  const sections = phases.flatMap((phase) =>
    phase.sections
      .filter((section) => itemsOf(section).some(({ id }) => !read.has(id)))
      .map((section) => ({ phase, section })),
  );
  return {
    rounds: new Map(rounds.map((round) => [round.id, round])),
    visits: visitsOf(rounds),
    gates: gatesOf(runbook),
    phases,
    sections,
  };
};

type Standing = {
  readonly checklist: Checklist;
  readonly rounds: Rounds;
  readonly gates: Gates;
  /** T-0, or the planned one as long as there is no other, in run time; null while there is neither. */
  readonly t0: number | null;
  /** When the run was started. */
  readonly begun: number;
  readonly now: number;
};

type Timed = Standing & { readonly t0: number };

/** The readings of a round that nobody has given yet; all of them before its time. */
export const leftOf = (round: Round, rounds: Rounds): readonly Round['readings'][number][] => {
  const taken = rounds.get(round.id)?.taken;
  return round.readings.filter(({ id }) => taken?.has(id) !== true);
};

const sectionDue = (phase: Phase, section: Section, { checklist, t0, begun }: Timed): Due | null => {
  const window = section.window ?? phase.window;
  if (window === null) return null;
  const items = itemsOf(section).filter((item) => item.children.length === 0);
  const left = items.filter(({ id }) => {
    const view = checklist.items[checklist.index.get(id) ?? -1];
    return view !== undefined && view.mark?.kind !== 'deferred' && !isSettled(checklist, view);
  }).length;
  const { id, title } = section;
  const { fromMs, toMs } = window;
  // What was over before the run began could not be kept by it: it is due by T-0, like everything before going live.
  const endMs = toMs !== null && toMs < 0 && t0 + toMs < begun ? 0 : toMs;
  return {
    kind: 'section',
    id,
    phase: phase.id,
    title: title === '' ? phase.title : title,
    fromAt: t0 + fromMs,
    byAt: endMs === null ? null : t0 + endMs,
    left,
    of: items.length,
    missed: false,
  };
};

const visitDue = ({ rounds: own, offsetMs }: Visit, { rounds, t0, now }: Timed): Due => {
  const left = own.reduce((sum, round) => sum + leftOf(round, rounds).length, 0);
  const over = t0 + Math.max(...own.map(({ endsMs }) => endsMs));
  const fromAt = t0 + offsetMs;
  return {
    kind: 'visit',
    id: own[0]?.id ?? '',
    phase: own[0]?.phase ?? '',
    title: own.map(({ title }) => title).join(' + '),
    fromAt,
    byAt: fromAt + Math.min(...own.map(graceOf)),
    left,
    of: own.reduce((sum, round) => sum + round.readings.length, 0),
    missed: own.some(({ id }) => rounds.get(id)?.state === 'missed') || (now >= over && left > 0),
  };
};

const gateDue = (gate: Gate, { gates, t0 }: Timed): Due | null => {
  if (gate.offsetMs === null) return null;
  const view = gateView(gates, gate.id);
  const extended = view.passage?.kind === 'decided' ? view.passage.untilMs : null;
  const fromAt = extended ?? t0 + gate.offsetMs;
  const grace = Math.min(gate.offsetMs / 5, 600_000);
  const left = isPassed(view) || (view.passage?.kind === 'decided' && view.passage.decision === 'rollback') ? 0 : 1;
  const title = `Gate: ${gate.title}`;
  return {
    kind: 'gate',
    id: gate.id,
    phase: gate.phase,
    title,
    fromAt,
    byAt: fromAt + grace,
    left,
    of: 1,
    missed: false,
  };
};

/** Where a due thing stands at `now`; null when nothing is left of it. */
export const listOf = ({ left, missed, fromAt, byAt }: Due, now: number): keyof DueList | null => {
  if (left === 0) return null;
  if (missed) return 'missed';
  if (now < fromAt) return 'next';
  return byAt !== null && now >= byAt ? 'overdue' : 'now';
};

/** Everything that the document asks for at its time; without a T-0 nothing has one. */
const plannedDues = (plan: Plan, { t0, ...rest }: Standing): readonly Due[] => {
  if (t0 === null) return [];
  const standing = { ...rest, t0 };
  return [
    ...plan.sections.flatMap(({ phase, section }) => sectionDue(phase, section, standing) ?? []),
    ...plan.visits.map((visit) => visitDue(visit, standing)),
    ...plan.gates.flatMap((gate) => gateDue(gate, standing) ?? []),
  ];
};

/**
 * Everything that the clock asks for, with what rollbacks and incidents left to do; the soonest first, and what is due
 * now by its end.
 */
export const dueList = (plan: Plan, standing: Standing, aftermath: readonly Due[] = []): DueList => {
  const all = [...plannedDues(plan, standing), ...aftermath];
  const pick = (list: keyof DueList, key: (due: Due) => number): readonly Due[] =>
    all.filter((due) => listOf(due, standing.now) === list).toSorted((a, b) => key(a) - key(b));
  // What a rollback leaves to do and sets no end for is for now: nothing of the plan comes before it.
  const end = ({ kind, byAt }: Due): number => byAt ?? (kind === 'after' ? -Infinity : Infinity);
  return {
    now: pick('now', end),
    next: pick('next', (due) => due.fromAt),
    overdue: pick('overdue', end),
    missed: pick('missed', (due) => due.fromAt),
  };
};
