import { showArguments } from '../rollback/text.ts';
import type { BoundItem } from '../target/bind.ts';
import type { Binding, Target } from '../target/schema.ts';
import type { Item, ItemId, Runbook } from './model.ts';
import { itemsOf } from './walk.ts';

/** `below`: its own items settle it, and its binding is never asked. `nothing`: no binding names it, a person ticks it. */
export type AnsweredBy = Binding['by'] | 'below' | 'nothing';

/** What an item is bound to: by its label and by the name it has in the target file; a command as it is run. */
export type AnsweredWith = {
  readonly kind: 'probe' | 'metric' | 'command';
  readonly words: string;
  readonly id: string | null;
  /** The blank that it fills; null where it answers the item. */
  readonly blank: string | null;
};

/** An item of the document, how it is answered and by what. */
export type Answered = {
  readonly item: ItemId;
  readonly line: number;
  readonly words: string;
  readonly phase: string;
  readonly by: AnsweredBy;
  readonly with: readonly AnsweredWith[];
  /** What it takes besides: two people, what was seen, an acknowledgement. */
  readonly takes: readonly string[];
  readonly note: string | null;
  /** What is wrong with its binding; null where nothing is. */
  readonly problem: string | null;
};

const commandOf = (item: Item, bound: BoundItem): readonly AnsweredWith[] => {
  if (bound.by !== 'command') return [];
  const own = bound.command === null ? item.commands.map(({ text }) => text.trim()) : [showArguments(bound.command)];
  return own.map((words) => ({ kind: 'command', words, id: null, blank: null }));
};

const withOf = (item: Item, bound: BoundItem, { probes, metrics }: Target): readonly AnsweredWith[] => {
  const metric = (id: string, blank: string | null): AnsweredWith => ({
    kind: 'metric',
    words: metrics[id]?.label ?? id,
    id,
    blank,
  });
  const fields = Object.entries(bound.fields);
  const filling = new Set(fields.map(([, id]) => id));
  return [
    ...bound.probes.map((id): AnsweredWith => ({
      kind: 'probe',
      words: probes[id]?.label ?? id,
      id,
      blank: null,
    })),
    ...bound.metrics.filter((id) => !filling.has(id)).map((id) => metric(id, null)),
    ...fields.map(([blank, id]) => metric(id, blank)),
    ...commandOf(item, bound),
  ];
};

const takesOf = ({ killer, two, observe }: BoundItem): readonly string[] => [
  ...(killer ? ['a person acknowledges it'] : []),
  ...(two ? ['takes two people'] : []),
  ...(observe ? ['asks for what was seen'] : []),
];

const problemOf = (item: Item, all: readonly BoundItem[]): string | null => {
  if (all.length > 1) return `${all.length} bindings name this item, and only one can count: keep one.`;
  const [bound] = all;
  if (bound?.by === 'command' && bound.command === null && item.commands.length === 0)
    return 'It is to be answered by a command, and neither the target nor the document names one.';
  return null;
};

/** Every item that a person or a machine answers, in the order of the document, and the groups that are bound all the same. */
export const answeredOf = (runbook: Runbook, bound: readonly BoundItem[], target: Target): readonly Answered[] => {
  const byItem = Map.groupBy(bound, ({ item }) => item);
  return runbook.phases.flatMap((phase) =>
    itemsOf(phase).flatMap((item): readonly Answered[] => {
      const all = byItem.get(item.id) ?? [];
      // The last one counts in the room.
      const own = all.at(-1);
      const group = item.children.length > 0;
      if (group && own === undefined) return [];
      return [
        {
          item: item.id,
          line: item.span.line,
          words: item.text,
          phase: phase.title,
          by: group ? 'below' : (own?.by ?? 'nothing'),
          with: own === undefined ? [] : withOf(item, own, target),
          takes: own === undefined ? [] : takesOf(own),
          note: own?.note ?? null,
          problem: problemOf(item, all),
        },
      ];
    }),
  );
};

/** Labels of probes and metrics that answer no item and fill no blank, neither themselves nor by a metric of theirs. */
export const idleOf = (bound: readonly BoundItem[], { probes, metrics }: Target): readonly string[] => {
  const used = new Set(bound.flatMap((one) => [...one.probes, ...one.metrics, ...Object.values(one.fields)]));
  const carrying = new Set([...used].flatMap((id) => metrics[id]?.probe ?? []));
  return [
    ...Object.entries(probes).flatMap(([id, { label }]) => (used.has(id) || carrying.has(id) ? [] : [label])),
    ...Object.entries(metrics).flatMap(([id, { label }]) => (used.has(id) ? [] : [label])),
  ];
};
