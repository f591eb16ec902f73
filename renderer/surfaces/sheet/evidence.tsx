import type { Item } from '../../../shared/runbook/model.ts';
import type { Evidence } from '../../../shared/runbook/export.ts';
import { wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Area, Frame, Row } from './flow.ts';
import type { SheetScope } from './scope.ts';

const headOf = (scope: SheetScope, { state, by, at, how }: Evidence): string =>
  [state, by, scope.time(at), how].filter((part) => part !== '').join(' · ');

const bodyOf = ({ value, note }: Evidence): string =>
  [value, note].filter((part) => part !== null && part !== '').join(' · ');

/**
 * What an item's state rests on, in the order it was said: who, when, how, the value and the words. Nothing on a blank
 * sheet. Each is one piece of text: a day's notes by the thousand must not make a file of marks around them.
 */
export const evidenceOf = (
  scope: SheetScope,
  item: Item,
  frame: Frame | null,
  area: Area = 'portrait',
): readonly Row[] => {
  if (scope.marks.blank) return [];
  const of = { area, ...(frame === null ? {} : { frame }), className: 'paper-said' };
  const number = frame === null ? `${scope.number(item.id)} · ` : '';
  return (scope.evidence.get(item.id) ?? []).flatMap((said, at) => {
    const body = bodyOf(said);
    const text = `${number}${headOf(scope, said)}${body === '' ? '' : ` — ${body}`}`;
    return wrapWords(text).map((piece, index) => ({ ...of, key: `said-${item.id}-${at}.${index}`, body: piece }));
  });
};
