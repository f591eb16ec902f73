import { worstFirst } from '../../../shared/health.ts';
import type { Health } from '../../../shared/health.ts';
import { isSettled, stateOf } from '../../../shared/projections/checklist.ts';
import type { ItemState, ItemView } from '../../../shared/projections/checklist.ts';
import type { Field, Item, ItemId } from '../../../shared/runbook/model.ts';
import { lineText } from '../../../shared/target/line.ts';
import type { Target } from '../../../shared/target/schema.ts';
import type { RunView } from '../../run-view.ts';
import { nowSinceT0 } from '../../run-time.ts';
import { span } from '../../words.ts';

/** What a row shows of an item; flat, so that two looks can be compared part by part. */
export type ItemLook = {
  readonly item: ItemView | undefined;
  readonly state: ItemState;
  readonly settled: boolean;
  /** The live answer behind a sensed item, the worst where there are several. */
  readonly live: Health | null;
};

const liveOf = (view: RunView, id: ItemId): Health | null => {
  const bound = view.outline.bindings.get(id);
  if (bound === undefined) return null;
  const answers = [
    ...bound.metrics.flatMap((metric) => view.metrics.get(metric) ?? []),
    ...bound.probes.flatMap((probe) => view.probes.get(probe) ?? []),
  ];
  return answers.toSorted((a, b) => worstFirst.indexOf(a.state) - worstFirst.indexOf(b.state))[0] ?? null;
};

export const lookOf = (view: RunView, id: ItemId): ItemLook => {
  const item = view.checklist.items[view.checklist.index.get(id) ?? -1];
  return {
    item,
    state: item === undefined ? 'pending' : stateOf(view.checklist, item),
    settled: item !== undefined && isSettled(view.checklist, item),
    live: item?.kind === 'sensed' ? liveOf(view, id) : null,
  };
};

/** The words of an item: blanks and options are drawn as fields, so they are not repeated in its line. */
export const titleOf = (item: Item): string =>
  (item.fields.length > 0 ? item.text : item.markdown).replace(/\s*:\s*$/u, '');

/** Why a sensed item does not answer yet; null once it does. */
export const waitWords = (view: RunView, id: ItemId, now: number): string | null => {
  const opening = view.outline.openings.get(id);
  if (opening?.kind === 'rollback') return 'if a rollback is proposed';
  if (opening?.kind !== 'after-t0') return null;
  const since = nowSinceT0(view.room, now);
  if (since === null) return 'waits for T-0';
  return since < opening.ms ? `opens in ${span(opening.ms - since)}` : null;
};

/** The line that decides, in the metric's own unit: "limit < 500 ms". */
export const limitWords = (target: Target, item: Item, metrics: readonly string[]): string | null => {
  const spec = metrics.length === 1 ? target.metrics[metrics[0] ?? ''] : undefined;
  const line = spec?.target ?? spec?.alert;
  if (spec !== undefined && line !== undefined) return `limit ${lineText(line, spec.unit)}`;
  return item.limits.length === 1 ? `limit ${item.limits[0]?.text ?? ''}` : null;
};

/** Every blank and choice that a person can fill; a signature has two. */
export const fillable = (fields: readonly Field[]): readonly Exclude<Field, { kind: 'signature' }>[] =>
  fields.flatMap((field) =>
    field.kind === 'signature' ? [field.name, ...(field.date === null ? [] : [field.date])] : [field],
  );

/** How much has been filled in: the value itself where there is one field, else a count. */
export const filledCount = (view: RunView, item: Item): string => {
  const fields = fillable(item.fields);
  const filled = fields.flatMap((field) => view.checklist.fields.get(field.id)?.value || []);
  if (fields.length === 0) return '';
  return filled.length === 0
    ? `${fields.length} to fill`
    : fields.length === 1
      ? (filled[0] ?? '')
      : `${filled.length} of ${fields.length} filled`;
};

/** What has been filled in, in one line: "p50 212 · p95 480". Nothing where one value says it all beside the item. */
export const filledWords = (view: RunView, item: Item): string => {
  const fields = fillable(item.fields);
  if (fields.length < 2) return '';
  const filled = fields.flatMap((field) => {
    const value = view.checklist.fields.get(field.id)?.value ?? '';
    return value === '' ? [] : [`${field.label} ${value}`];
  });
  return filled.join(' · ');
};
