import type { RunContext } from '../contract.ts';
import type { EventBody, NewEvent, RecordedEvent } from '../events.ts';
import { checklistProjection } from '../projections/checklist.ts';
import type { Checklist, ItemView } from '../projections/checklist.ts';
import { fold } from '../projection.ts';
import { gatesProjection } from '../projections/gates.ts';
import { roundsProjection } from '../projections/rounds.ts';
import { actorName } from '../projections/timeline.ts';
import type { Field, FieldId, ItemId } from '../runbook/model.ts';
import { fieldsOf, itemById, itemsOf } from '../runbook/walk.ts';
import { planOf } from '../schedule/due.ts';
import { compareRunbooks } from './compare.ts';
import type { ItemChange } from './compare.ts';

type Move = Extract<NewEvent, { type: 'runbook-moved' }>['body'];

export type MoveRow = {
  readonly kind: ItemChange['kind'];
  readonly item: ItemId;
  readonly words: string;
  /** What it said before, where that differs. */
  readonly was: string | null;
  readonly section: string;
  /** What people had said of it; null where nobody had. */
  readonly said: string | null;
  /** Whether that still stands. */
  readonly stands: boolean;
};

/** What moving a run to another version of its checklist would do, in people's words. */
export type MovePreview = {
  readonly name: string;
  readonly sha256: string;
  readonly title: string;
  readonly counts: EventBody<'runbook-moved'>['counts'];
  /** The items of the new version in order, then those that are gone. */
  readonly rows: readonly MoveRow[];
  readonly lost: EventBody<'runbook-moved'>['lost'];
  /** How many answers of people stay. */
  readonly carried: number;
  readonly bindings: { readonly kept: number; readonly gained: readonly string[]; readonly lost: readonly string[] };
  readonly rounds: { readonly kept: number; readonly added: number; readonly lost: readonly string[] };
  /** Passed gates that are asked again, and new items that stand behind a gate which stays passed. */
  readonly gatesAgain: readonly string[];
  readonly behind: readonly string[];
};

const verbs = { done: 'done', overridden: 'overridden', deferred: 'deferred', waived: 'not applicable' } as const;

const labelOf = (field: Field): string => (field.kind === 'signature' ? field.role : field.label);

/** Fields as they are filled in: a signature has a name and a date of its own. */
const partsOf = (field: Field): readonly Field[] =>
  field.kind === 'signature' ? [field, field.name, ...(field.date === null ? [] : [field.date])] : [field];

const filledIn = (fields: readonly Field[], { fields: filled }: Checklist): readonly Field[] =>
  fields.flatMap(partsOf).filter(({ id }) => (filled.get(id)?.value ?? '') !== '');

const saidOf = (view: ItemView | undefined, fields: readonly Field[], checklist: Checklist): string | null => {
  const mark = view?.mark ?? null;
  const values = filledIn(fields, checklist).map((field) => {
    const label = labelOf(field);
    return `${label === '' ? '' : `${label}: `}${checklist.fields.get(field.id)?.value ?? ''}`;
  });
  const parts = [...(mark === null ? [] : [`${verbs[mark.kind]} by ${actorName(mark.by)}`]), ...values];
  return parts.length === 0 ? null : parts.join('; ');
};

const viewIn = (checklist: Checklist, id: ItemId): ItemView | undefined =>
  checklist.items[checklist.index.get(id) ?? -1];

type Sight = {
  readonly from: RunContext;
  readonly to: RunContext;
  readonly old: Checklist;
  readonly next: Checklist;
  readonly changes: readonly ItemChange[];
  /** Whether an item of the new version begins anew. */
  readonly anew: (id: ItemId) => boolean;
  readonly resetLine: number;
};

/** Fields that stand between items: kept by their id, until the line from which on everything is asked anew. */
const looseFields = ({ from, to, old, next, resetLine }: Sight) => {
  const owned = new Set<FieldId>(
    [...itemsOf(from.runbook), ...itemsOf(to.runbook)].flatMap(({ fields }) => fields.map(({ id }) => id)),
  );
  const loose = (context: RunContext, checklist: Checklist): readonly Field[] =>
    filledIn(
      fieldsOf(context.runbook).filter(({ id }) => !owned.has(id)),
      checklist,
    );
  const before = new Map(loose(from, old).map((field) => [field.id, field]));
  const now = loose(to, next);
  const reset = now.filter((field) => !before.has(field.id) || field.span.line >= resetLine);
  const standing = new Set(now.filter((field) => !reset.includes(field)).map(({ id }) => id));
  const lost = [...before.values()]
    .filter(({ id }) => !standing.has(id))
    .map((field) => ({ words: labelOf(field) || 'Field', said: old.fields.get(field.id)?.value ?? '' }));
  return { reset: reset.map(({ id }) => id), lost, kept: standing.size };
};

const rowsOf = ({ old, next, changes, anew }: Sight): readonly MoveRow[] =>
  changes.map(({ kind, was, is }): MoveRow => {
    const { item, section, phase } = is ?? was;
    const said = was === null ? null : saidOf(viewIn(old, was.item.id), was.item.fields, old);
    return {
      kind,
      item: item.id,
      words: item.text,
      was: was !== null && was.item.text !== item.text ? was.item.text : null,
      section: section.title === '' ? phase.title : section.title,
      said,
      stands: said !== null && is !== null && !anew(item.id) && viewIn(next, item.id) !== undefined,
    };
  });

const gatesIn = (sight: Sight, events: readonly RecordedEvent[], resetFrom: ItemId | null) => {
  const { from, to, next, changes } = sight;
  const [before, plan] = [planOf(from.runbook), planOf(to.runbook)];
  const said = fold(gatesProjection, null, events);
  const known = new Set(before.gates.map(({ id }) => id));
  const order = plan.phases.map(({ id }) => id);
  const first = resetFrom === null ? -1 : order.indexOf(viewIn(next, resetFrom)?.phase ?? '');
  const fromHere = (phase: string): boolean => first !== -1 && order.indexOf(phase) >= first;
  const spoken = plan.gates.filter(({ id }) => said.has(id));
  const again = spoken.filter(({ id, phase }) => !known.has(id) || fromHere(phase));
  const stays = new Set(plan.gates.map(({ id }) => id));
  const gone = before.gates.filter(({ id }) => said.has(id) && !stays.has(id));
  const phases = new Set(again.map(({ phase }) => phase));
  const behind = changes.flatMap(({ kind, is }) =>
    is !== null && kind !== 'kept' && next.closed.has(is.phase.id) && !phases.has(is.phase.id) ? [is.item.text] : [],
  );
  return {
    gates: again.map(({ id }) => id),
    phases: [...phases],
    titles: [...again, ...gone].map(({ title }) => title),
    behind,
  };
};

const roundsIn = ({ from, to }: Sight, events: readonly RecordedEvent[]): MovePreview['rounds'] => {
  const [before, now] = [planOf(from.runbook).rounds, planOf(to.runbook).rounds];
  const taken = fold(roundsProjection, null, events);
  return {
    kept: [...now.keys()].filter((id) => before.has(id)).length,
    added: [...now.keys()].filter((id) => !before.has(id)).length,
    lost: [...before].flatMap(([id, { title }]) => (taken.has(id) && !now.has(id) ? [title] : [])),
  };
};

const bindingsIn = ({ from, to }: Sight): MovePreview['bindings'] => {
  const had = new Set(from.bindings.map(({ item }) => item));
  const unbound = new Set(from.unbound.map(({ sentence }) => sentence));
  return {
    kept: to.bindings.filter(({ item }) => had.has(item)).length,
    gained: to.bindings.flatMap(({ item }) => (had.has(item) ? [] : [itemById(to.runbook, item)?.text ?? item])),
    lost: to.unbound.flatMap(({ sentence }) => (unbound.has(sentence) ? [] : [sentence])),
  };
};

const sightOf = (
  from: RunContext,
  to: RunContext,
  events: readonly RecordedEvent[],
  resetFrom: ItemId | null,
): Sight => {
  const next = fold(checklistProjection, to, events);
  const changes = compareRunbooks(from.runbook, to.runbook);
  const kept = new Set(changes.flatMap(({ kind, is }) => (kind === 'kept' && is !== null ? [is.item.id] : [])));
  const k = resetFrom === null ? undefined : next.index.get(resetFrom);
  const anew = (id: ItemId): boolean => {
    const at = next.index.get(id) ?? -1;
    const mark = next.items[at]?.mark;
    // Deferred to a phase that is gone, it would never come back.
    const stranded = mark?.kind === 'deferred' && !next.order.includes(mark.phase ?? '');
    return !kept.has(id) || stranded || (k !== undefined && at >= k);
  };
  const resetLine = resetFrom === null ? Infinity : (itemById(to.runbook, resetFrom)?.span.line ?? Infinity);
  return { from, to, old: fold(checklistProjection, from, events), next, changes, anew, resetLine };
};

/**
 * What follows from moving a run from one version of its checklist to another after these events: what people see
 * before they say yes, and the event that is written when they do. An answer stays only with an item that is the same to
 * the last word; `resetFrom` asks everything from that item on anew.
 */
export const moveOf = (
  from: RunContext,
  to: RunContext,
  events: readonly RecordedEvent[],
  resetFrom: ItemId | null,
): { readonly preview: MovePreview; readonly body: Omit<Move, 'reason'> } => {
  const sight = sightOf(from, to, events, resetFrom);
  const { next, changes, anew } = sight;
  const rows = rowsOf(sight);
  const loose = looseFields(sight);
  const gates = gatesIn(sight, events, resetFrom);
  const again = itemsOf(to.runbook).filter(({ id }) => anew(id));
  const counts = { kept: 0, reworded: 0, added: 0, removed: 0 };
  for (const { kind } of changes) counts[kind] += 1;
  const lost = [
    ...rows.flatMap(({ said, stands, was, words }) => (said === null || stands ? [] : [{ words: was ?? words, said }])),
    ...loose.lost,
  ];
  const ids = new Set(itemsOf(to.runbook).map(({ id }) => id));
  return {
    preview: {
      name: to.runbookName,
      sha256: to.runbookSha256,
      title: to.runbook.title,
      counts,
      rows,
      lost,
      carried: rows.filter(({ stands }) => stands).length + loose.kept,
      bindings: bindingsIn(sight),
      rounds: roundsIn(sight, events),
      gatesAgain: gates.titles,
      behind: gates.behind,
    },
    body: {
      from: { name: from.runbookName, sha256: from.runbookSha256 },
      to: { name: to.runbookName, sha256: to.runbookSha256 },
      title: to.runbook.title,
      items: ids.size,
      resetFrom,
      reset: again.flatMap(({ id }) => {
        const view = viewIn(next, id);
        return view !== undefined && (view.mark !== null || view.sensed !== null || view.back !== null) ? [id] : [];
      }),
      fields: [
        ...filledIn(
          again.flatMap(({ fields }) => fields),
          next,
        ).map(({ id }) => id),
        ...loose.reset,
      ],
      gates: gates.gates,
      phases: gates.phases,
      counts,
      lost,
      dropped: itemsOf(from.runbook).flatMap(({ id, text }) => (ids.has(id) ? [] : [{ item: id, words: text }])),
    },
  };
};
