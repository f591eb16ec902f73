import { isSettled } from '../projections/checklist.ts';
import type { Checklist } from '../projections/checklist.ts';
import type { Incidents } from '../projections/incidents.ts';
import type { RollbackRoom } from '../projections/rollback.ts';
import type { Item, Phase, Runbook, Section } from '../runbook/model.ts';
import { windowIn } from '../runbook/timing.ts';
import { itemsOf } from '../runbook/walk.ts';
import type { Due } from '../schedule/due.ts';
import { runTime } from '../schedule/run-clock.ts';
import type { RunClock } from '../schedule/run-clock.ts';

/** What a rollback or an incident leaves to do: due only once there was one. */

const day = 86_400_000;
const afterwards = /\bpost\b|post-?roll|after|communicat|notif|follow|action items?|next steps/iu;
const postMortem = /post-?\s?mortem|retrospective|incident review/iu;

const holdsCommands = (section: Section): boolean =>
  section.blocks.some(({ kind }) => kind === 'command') || itemsOf(section).some(({ commands }) => commands.length > 0);

type Place = { readonly phase: Phase; readonly section: Section };

/** The parts of the rollback phases that come after the going back itself: by their titles, else after the commands. */
export const aftermathPlaces = (runbook: Runbook): readonly Place[] =>
  runbook.phases
    .filter(({ role }) => role === 'rollback')
    .flatMap((phase) => {
      const named = phase.sections.filter((section) => afterwards.test(section.title) && !holdsCommands(section));
      const last = phase.sections.findLastIndex(holdsCommands);
      const own = named.length > 0 ? named : last === -1 ? [] : phase.sections.slice(last + 1);
      return own.filter((section) => itemsOf(section).length > 0).map((section) => ({ phase, section }));
    });

/** How long the document gives people for a post-mortem; null where it asks for none. */
export const postMortemMs = (runbook: Runbook): number | null => {
  const item = itemsOf(runbook).find(({ text }) => postMortem.test(text));
  return item === undefined ? null : (windowIn(item.text, item.span.line)?.toMs ?? day);
};

/** When the newest rollback was over, in run time; null while none was, or where none was carried out; by War Room or without it. */
export const rolledBackAt = ({ rollbacks, outside }: RollbackRoom, clock: RunClock): number | null => {
  const over = rollbacks.findLast(
    ({ proposed, confirmed, state }) =>
      proposed.purpose === 'rollback' && confirmed !== null && (state === 'finished' || state === 'aborted'),
  );
  const own = over?.finishedAt ?? over?.confirmed?.at ?? -Infinity;
  const at = Math.max(own, outside?.at ?? -Infinity);
  return at === -Infinity ? null : runTime(clock, at);
};

const isLeft = (checklist: Checklist, { id, children }: Item): boolean => {
  const view = checklist.items[checklist.index.get(id) ?? -1];
  return children.length === 0 && view !== undefined && view.mark?.kind !== 'deferred' && !isSettled(checklist, view);
};

/** A part of the phase as one line, and each item that has an end of its own as another. */
const placeDues = ({ phase, section }: Place, checklist: Checklist, from: number): readonly Due[] => {
  const leaves = itemsOf(section).filter(({ children }) => children.length === 0);
  const timed = leaves.flatMap((item) => {
    const window = windowIn(item.text, item.span.line);
    return window?.toMs == null || window.toMs <= 0 ? [] : [{ item, toMs: window.toMs }];
  });
  const rest = leaves.filter((item) => timed.every((own) => own.item !== item));
  const common = { kind: 'after', phase: phase.id, fromAt: from, missed: false } as const;
  const title = section.title === '' ? phase.title : section.title;
  const left = rest.filter((item) => isLeft(checklist, item)).length;
  return [
    { ...common, id: `${section.id} after`, title, byAt: null, left, of: rest.length },
    ...timed.map(({ item, toMs }): Due => ({
      ...common,
      id: item.id,
      title: item.text,
      byAt: from + toMs,
      left: isLeft(checklist, item) ? 1 : 0,
      of: 1,
    })),
  ];
};

type Sight = {
  readonly runbook: Runbook;
  readonly checklist: Checklist;
  readonly rollbacks: RollbackRoom;
  readonly incidents: Incidents;
  readonly clock: RunClock;
};

const actionDues = ({ incidents, clock }: Sight): readonly Due[] =>
  incidents.flatMap(({ id, actions }) =>
    actions.map((action): Due => ({
      kind: 'action',
      id: `${id} ${action.id}`,
      phase: id,
      title: action.owner === '' ? action.text : `${action.text} (${action.owner})`,
      fromAt: runTime(clock, action.addedAt),
      byAt: action.dueAt,
      left: action.state === 'open' ? 1 : 0,
      of: 1,
      missed: false,
    })),
  );

/** A rollback has its post-mortem among its own items; every other incident asks for one once it is resolved. */
const reviewDues = ({ runbook, incidents, clock }: Sight, rolledBack: boolean): readonly Due[] => {
  const withinMs = postMortemMs(runbook);
  if (withinMs === null) return [];
  return incidents.flatMap(({ id, title, from, resolved, review }): readonly Due[] => {
    if (resolved === null || (from.kind === 'rollback' && rolledBack)) return [];
    const fromAt = runTime(clock, resolved.at);
    const left = review === null ? 1 : 0;
    const words = `Post-mortem: ${title}`;
    return [
      { kind: 'review', id, phase: id, title: words, fromAt, byAt: fromAt + withinMs, left, of: 1, missed: false },
    ];
  });
};

/** Everything that rollbacks and incidents ask of people; nothing as long as there was none. */
export const aftermathOf = (sight: Sight): readonly Due[] => {
  const over = rolledBackAt(sight.rollbacks, sight.clock);
  const places = over === null ? [] : aftermathPlaces(sight.runbook);
  return [
    ...places.flatMap((place) => placeDues(place, sight.checklist, over ?? 0)),
    ...actionDues(sight),
    ...reviewDues(sight, over !== null && places.length > 0),
  ];
};
