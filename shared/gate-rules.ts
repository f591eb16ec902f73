import type { Gate, Voter } from './gates.ts';
import { healthWords, passes } from './health.ts';
import { isSettled } from './projections/checklist.ts';
import type { Checklist, ItemView } from './projections/checklist.ts';
import { gateView, isPassed } from './projections/gates.ts';
import type { Gates, GateView } from './projections/gates.ts';
import { phaseOf, reachedPhase } from './projections/phases.ts';
import type { Rounds } from './projections/rounds.ts';
import type { ItemId, Phase } from './runbook/model.ts';
import { itemsOf } from './runbook/walk.ts';
import { leftOf } from './schedule/due.ts';
import type { Plan } from './schedule/due.ts';

/** One thing in the way of a gate, in words, with the item where there is one. */
export type Blocker = { readonly words: string; readonly item: ItemId | null };

export type GateState = 'ahead' | 'open' | 'stopped' | 'extended' | 'rollback' | 'passed' | 'bypassed';

export type GateStanding = {
  readonly gate: Gate;
  readonly view: GateView;
  readonly state: GateState;
  readonly blockers: readonly Blocker[];
  /** Roles that have not said go. */
  readonly silent: readonly Voter[];
};

export type GateSight = {
  readonly plan: Plan;
  readonly voters: readonly Voter[];
  readonly checklist: Checklist;
  readonly rounds: Rounds;
  readonly gates: Gates;
  /** T-0 and now in run time; without a T-0 no moment has come. */
  readonly t0: number | null;
  readonly now: number;
};

/** Why an item is open: what a machine answers says how it stands. */
const openWords = (view: ItemView): string => {
  if (view.mark?.kind === 'deferred') return 'deferred to here';
  if (view.kind !== 'sensed') return view.mark === null ? 'open' : 'open: a second person has yet to confirm it';
  const state = view.sensed?.state ?? 'pending';
  if (!passes(state))
    return `open: ${healthWords[state]}${state === 'shaky' ? ', it failed a moment ago and has to hold' : ''}`;
  return view.killer && view.mark === null
    ? 'open: well, and a person has yet to acknowledge it'
    : 'open: a second person has yet to confirm it';
};

const itemBlockers = (checklist: Checklist, asked: (id: ItemId, phase: string) => boolean): readonly Blocker[] =>
  checklist.items
    .filter((view) => view.kind !== 'group' && asked(view.id, phaseOf(view)) && !isSettled(checklist, view))
    .map((view) => ({ words: openWords(view), item: view.id }));

/** Rounds up to a moment that still want readings. A missed one wants none: it is shown as missed for ever. */
const roundBlockers = (sight: GateSight, phase: string, untilMs: number): readonly Blocker[] =>
  [...sight.plan.rounds.values()]
    .filter((round) => round.phase === phase && round.offsetMs <= untilMs)
    .flatMap((round) => {
      const view = sight.rounds.get(round.id);
      const left = leftOf(round, sight.rounds).length;
      if (view?.state === 'missed' || left === 0) return [];
      const words = view === undefined ? 'is yet to come' : `wants ${left} more reading${left === 1 ? '' : 's'}`;
      return [
        { words: `The round "${round.title}" at T+${Math.round(round.offsetMs / 60_000)} min ${words}`, item: null },
      ];
    });

const gateBlockers = (sight: GateSight, phase: string): readonly Blocker[] =>
  sight.plan.gates
    .filter((gate) => gate.kind === 'moment' && gate.phase === phase && !isPassed(gateView(sight.gates, gate.id)))
    .map((gate) => {
      const { passage } = gateView(sight.gates, gate.id);
      const back = passage?.kind === 'decided' && passage.decision === 'rollback';
      const words = back ? `At ${gate.title} a rollback was decided` : `The gate ${gate.title} is not decided`;
      return { words, item: null };
    });

/** The items whose time in the document ends at or before a moment, and those that ask for the decision then. */
const askedBy = (phase: Phase, sections: Plan['sections'], offsetMs: number): ReadonlySet<ItemId> =>
  new Set(
    sections
      .filter((place) => place.phase.id === phase.id)
      .filter(({ section }) => {
        const window = section.window ?? phase.window;
        return window?.fromMs === offsetMs || (window?.toMs != null && window.toMs <= offsetMs);
      })
      .flatMap(({ section }) => itemsOf(section).map(({ id }) => id)),
  );

const blockersOf = (gate: Gate, sight: GateSight): readonly Blocker[] => {
  const phase = sight.plan.phases.find(({ id }) => id === gate.phase);
  if (gate.offsetMs === null)
    return [
      ...itemBlockers(sight.checklist, (_, at) => at === gate.phase),
      ...roundBlockers(sight, gate.phase, phase?.window?.toMs ?? Infinity),
      ...gateBlockers(sight, gate.phase),
    ];
  const asked = phase === undefined ? new Set<ItemId>() : askedBy(phase, sight.plan.sections, gate.offsetMs);
  return [
    ...itemBlockers(sight.checklist, (id, at) => at === gate.phase && asked.has(id)),
    ...roundBlockers(sight, gate.phase, gate.offsetMs),
  ];
};

const hasCome = (gate: Gate, { checklist, t0, now }: GateSight): boolean =>
  gate.offsetMs === null ? reachedPhase(checklist) === gate.phase : t0 !== null && now >= t0 + gate.offsetMs;

const stateOf = (gate: Gate, view: GateView, sight: GateSight): GateState => {
  const { passage } = view;
  if (passage?.kind === 'bypassed') return 'bypassed';
  if (isPassed(view)) return 'passed';
  if (passage?.decision === 'rollback') return 'rollback';
  if (!hasCome(gate, sight)) return 'ahead';
  if ([...view.votes.values()].some(({ go }) => !go)) return 'stopped';
  return passage?.decision === 'extend' && (passage.untilMs ?? 0) > sight.now ? 'extended' : 'open';
};

/** How a gate stands: what is in its way, who has not said go, and what was decided. */
export const gateStanding = (gate: Gate, sight: GateSight): GateStanding => {
  const view = gateView(sight.gates, gate.id);
  return {
    gate,
    view,
    state: stateOf(gate, view, sight),
    blockers: isPassed(view) ? [] : blockersOf(gate, sight),
    silent: sight.voters.filter(({ role }) => view.votes.get(role)?.go !== true),
  };
};

/** The gate that people stand before: the first moment that has come and is not decided, else the end of their phase. */
export const gateAhead = (sight: GateSight): Gate | null => {
  const open = sight.plan.gates.filter((gate) => !isPassed(gateView(sight.gates, gate.id)) && hasCome(gate, sight));
  return open.find(({ kind }) => kind === 'moment') ?? open[0] ?? null;
};

/** Why an item may not be answered yet; null where it may: items wait behind the gates before their phase. */
export const heldBack = (sight: GateSight, phase: string): Gate | null => {
  const { order } = sight.checklist;
  const reached = reachedPhase(sight.checklist);
  const at = order.indexOf(phase);
  if (at === -1 || reached === null || at <= order.indexOf(reached)) return null;
  return sight.plan.gates.find((gate) => gate.kind === 'phase' && gate.phase === reached) ?? null;
};
