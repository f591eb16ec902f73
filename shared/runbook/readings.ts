import type { Field, Item } from './model.ts';

const isReading = (field: Field): boolean =>
  field.kind === 'blank' && field.value === 'number' && field.reference !== true;

/** How many readings one round of an item takes: a blank each (p50, p95, p99), or one when the item has no blanks. */
export function readingsOf(item: Item): number {
  const own = item.fields.filter(isReading).length;
  const below = item.children.reduce((sum, child) => sum + readingsOf(child), 0);
  return own + below || 1;
}
