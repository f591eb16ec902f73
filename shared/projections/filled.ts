import type { RecordedEvent } from '../events.ts';
import { formatSpan } from '../format.ts';
import { filledIncidents } from '../incidents/markdown.ts';
import { paperWords } from '../paper/mark.ts';
import { fold } from '../projection.ts';
import { nothingFilled } from '../runbook/export.ts';
import type { Evidence, Filled, FilledException, FilledRounds } from '../runbook/export.ts';
import type { Field, Item, Runbook } from '../runbook/model.ts';
import { fieldsOf, itemsOf, sectionsOf } from '../runbook/walk.ts';
import { roundsOf } from '../schedule/rounds.ts';
import type { ReadingSpec, Round } from '../schedule/rounds.ts';
import { checklistProjection, isSettled, stateOf } from './checklist.ts';
import type { Checklist, ChecklistContext, ItemState, ItemView } from './checklist.ts';
import { incidentsProjection } from './incidents.ts';
import { roomProjection } from './room.ts';
import { roundsProjection } from './rounds.ts';
import type { Rounds, RoundView } from './rounds.ts';
import { actorName } from './timeline.ts';

const stateWords: Partial<Record<ItemState, string>> = {
  warn: 'past target',
  little: 'not enough data',
  internal: 'own fault of War Room',
  absent: 'not available',
  waived: 'not applicable',
};
const inWords = (state: ItemState): string => stateWords[state] ?? state;

type Said = Omit<Evidence, 'item'>;

const markEvidence = ({ mark, kind }: ItemView, phaseTitle: (id: string) => string): readonly Said[] => {
  if (mark === null) return [];
  const state = kind === 'sensed' && mark.kind === 'done' ? 'acknowledged' : inWords(mark.kind);
  const { second, reason: note, value, at, paper } = mark;
  const until = mark.phase === null ? '' : ` to ${phaseTitle(mark.phase)}`;
  const how = paper === null ? 'person' : paperWords(paper, actorName(mark.by));
  const said = {
    state: state + until,
    by: paper?.writtenBy ?? actorName(mark.by),
    at: paper?.writtenAt ?? at,
    how,
    value,
    note,
  };
  if (second === null) return [said];
  const confirmed = { state: 'confirmed', how: 'second person', value: null, note: null };
  return [said, { ...confirmed, by: actorName(second.by), at: second.at }];
};

const sensedEvidence = ({ sensed }: ItemView): readonly Said[] => {
  if (sensed === null || sensed.state === 'pending') return [];
  const { state, value, sentence, sources, sampleAt, at } = sensed;
  const how = `sensed by ${sources.join(', ')}`;
  return [{ state: inWords(state), by: 'War Room', at: sampleAt ?? at, how, value, note: sentence }];
};

const labelOf = (field: Field): string => (field.kind === 'signature' ? field.role : field.label);

const fieldEvidence = (item: Item, { fields }: Checklist): readonly Said[] =>
  item.fields.flatMap((field) => {
    const filled = fields.get(field.id);
    if (filled === undefined || filled.value === '') return [];
    const label = labelOf(field);
    const value = label === '' || label === item.text ? filled.value : `${label}: ${filled.value}`;
    const { paper } = filled;
    const person = paper === null ? 'person' : paperWords(paper, actorName(filled.by));
    const source = filled.source === null ? person : `taken from ${filled.source}`;
    const how = filled.metric === null ? source : `metric ${filled.metric}`;
    return [{ state: 'filled', by: actorName(filled.by), at: filled.at, how, value, note: null }];
  });

const evidenceOf = (item: Item, view: ItemView, checklist: Checklist, phaseTitle: (id: string) => string) =>
  [
    ...sensedEvidence(view),
    ...markEvidence(view, phaseTitle),
    ...fieldEvidence(item, checklist),
    ...view.notes.map(({ at, by, text }) => ({
      state: 'note',
      by: actorName(by),
      at,
      how: '',
      value: null,
      note: text,
    })),
  ].map((said): Evidence => ({ ...said, item: item.id }));

const exceptionOf = (view: ItemView, phaseTitle: (id: string) => string): readonly FilledException[] => {
  const { mark } = view;
  if (mark === null || mark.kind === 'done') return [];
  const kinds = { overridden: 'override', deferred: 'deferral', waived: 'not-applicable' } as const;
  return [
    {
      kind: kinds[mark.kind],
      item: view.id,
      by: actorName(mark.by),
      at: mark.at,
      reason: mark.reason ?? '',
      approver: mark.second === null ? null : actorName(mark.second.by),
      until: mark.phase === null ? null : phaseTitle(mark.phase),
    },
  ];
};

/** A box is ticked for what was done or seen to be well; what was overridden, deferred or left out says so beneath. */
const ticksOf = (runbook: Runbook, checklist: Checklist, views: ReadonlyMap<string, ItemView>): Filled['ticks'] =>
  itemsOf(runbook).flatMap((item) => {
    const view = views.get(item.id);
    if (view === undefined) return [];
    const state = stateOf(checklist, view);
    const checked = isSettled(checklist, view) && state !== 'overridden' && state !== 'waived';
    return checked === item.checked ? [] : [{ item: item.id, checked }];
  });

const cellOf = (reading: ReadingSpec, view: RoundView): string => {
  const taken = view.taken.get(reading.id);
  if (taken === undefined) return view.state === 'missed' ? 'missed' : 'not read';
  const value = taken.value === '' ? inWords(taken.machine?.state ?? 'unknown') : taken.value;
  if (taken.fine === false) return `${value} (not fine)`;
  const state = taken.machine?.state;
  const bad = taken.fine === null && taken.value !== '' && state !== undefined && state !== 'ok';
  return bad ? `${value} (${inWords(state)})` : value;
};

const tableOf = (section: string, rounds: readonly Round[], seen: Rounds, words: (item: string) => string) => {
  const been = rounds.flatMap((round) => {
    const view = seen.get(round.id);
    return view === undefined ? [] : [{ round, view }];
  });
  const [first] = been;
  if (first === undefined) return [];
  const rows = first.round.readings.map((reading) => {
    const item = words(reading.item);
    const label = reading.label === item ? item : `${item}, ${reading.label}`;
    return { label, cells: been.map(({ view }) => cellOf(reading, view)) };
  });
  const table: FilledRounds = { section, rounds: been.map(({ round }) => `T+${formatSpan(round.offsetMs)}`), rows };
  return [table];
};

const roundTables = (runbook: Runbook, seen: Rounds): readonly FilledRounds[] => {
  const texts = new Map<string, string>(itemsOf(runbook).map(({ id, text }) => [id, text]));
  const bySection = Map.groupBy(roundsOf(runbook), ({ section }) => section);
  return sectionsOf(runbook).flatMap(({ id }) =>
    tableOf(id, bySection.get(id) ?? [], seen, (item) => texts.get(item) ?? item),
  );
};

const answersOf = (runbook: Runbook, { fields }: Checklist): Pick<Filled, 'choices' | 'values'> => {
  const all = fieldsOf(runbook).flatMap((field) => (field.kind === 'signature' ? signatureFields(field) : [field]));
  const given = all.flatMap((field) => {
    const value = fields.get(field.id)?.value ?? '';
    return value === '' ? [] : [{ field, value }];
  });
  return {
    choices: given.flatMap(({ field, value }) => {
      const option = field.kind === 'choice' ? field.options.findIndex(({ label }) => label === value) : -1;
      return option === -1 ? [] : [{ field: field.id, option }];
    }),
    values: given.flatMap(({ field, value }) => (field.kind === 'choice' ? [] : [{ field: field.id, value }])),
  };
};

const signatureFields = (field: Extract<Field, { kind: 'signature' }>): readonly Field[] => [
  field,
  field.name,
  ...(field.date === null ? [] : [field.date]),
];

/**
 * What a run laid over its document: ticks, options, blanks, evidence, rounds and exceptions as they stand after these
 * events, and the head of the audit chain at the last of them. A run in which nothing was filled in fills nothing.
 */
export const filledOf = (context: ChecklistContext, events: readonly RecordedEvent[]): Filled => {
  const { runbook } = context;
  const checklist = fold(checklistProjection, context, events);
  const rounds = roundTables(runbook, fold(roundsProjection, null, events));
  const views = new Map<string, ItemView>(checklist.items.map((view) => [view.id, view]));
  const titles = new Map(runbook.phases.map(({ id, title }) => [id, title]));
  const phaseTitle = (id: string): string => titles.get(id) ?? id;
  const evidence = itemsOf(runbook).flatMap((item) => {
    const view = views.get(item.id);
    return view === undefined ? [] : evidenceOf(item, view, checklist, phaseTitle);
  });
  const answers = answersOf(runbook, checklist);
  const { clock, started } = fold(roomProjection, null, events);
  const incidents = filledIncidents(fold(incidentsProjection, null, events), clock);
  const moves = events.flatMap((event) => {
    if (event.type !== 'runbook-moved') return [];
    const { to, reason, lost } = event.body;
    return [{ name: to.name, by: actorName(event.by), at: event.at, reason, lost }];
  });
  const said = [evidence, rounds, answers.choices, answers.values, incidents, moves].some((list) => list.length > 0);
  const last = events.at(-1);
  if (!said || last === undefined) return nothingFilled;
  return {
    practice: started?.practice === true,
    ticks: ticksOf(runbook, checklist, views),
    ...answers,
    evidence,
    rounds,
    moves,
    exceptions: checklist.items.flatMap((view) => exceptionOf(view, phaseTitle)),
    incidents,
    audit: { seq: last.seq, hash: last.hash },
  };
};
