import type { Item } from '../../../shared/runbook/model.ts';
import type { Evidence } from '../../../shared/runbook/export.ts';
import { wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Area, Frame, Row } from './flow.ts';
import type { SheetScope } from './scope.ts';

const headOf = (scope: SheetScope, { state, by, at, how }: Evidence): string =>
  [state, by, scope.time(at), how].filter((part) => part !== '').join(' · ');

const bodyOf = ({ value, note }: Evidence): string =>
  [value, note].filter((part) => part !== null && part !== '').join(' · ');

/** What an item's state rests on, in the order it was said: who, when, how, the value and the words. Nothing on a blank sheet. */
export const evidenceOf = (
  scope: SheetScope,
  item: Item,
  frame: Frame | null,
  area: Area = 'portrait',
): readonly Row[] =>
  (scope.marks.blank ? [] : (scope.evidence.get(item.id) ?? [])).flatMap((said, at) => {
    const [first = '', ...more] = wrapWords(bodyOf(said));
    const of = { area, ...(frame === null ? {} : { frame }), className: 'paper-said' };
    const key = `said-${item.id}-${at}`;
    return [
      {
        ...of,
        key,
        body: (
          <p dir="auto">
            {frame === null && <span className="paper-number">{scope.number(item.id)}</span>}
            <small>{headOf(scope, said)}</small> {first}
          </p>
        ),
      },
      ...more.map((text, piece) => ({ ...of, key: `${key}.${piece}`, body: <p dir="auto">{text}</p> })),
    ];
  });
