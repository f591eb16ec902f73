import type { ReactNode } from 'react';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import { bareLine, partsOf } from '../../../shared/sheet/parts.ts';
import { wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Field, Item } from '../../../shared/runbook/model.ts';
import type { Frame, Row } from './flow.ts';
import { blockRows } from './block-rows.tsx';
import { fenceRows } from './fence.tsx';
import { Line } from './line.tsx';
import { evidenceOf } from './evidence.tsx';
import type { SheetScope } from './scope.ts';

/** The box to tick, or what became of the item: a shape and its word. */
export const Box = ({ scope, item }: { readonly scope: SheetScope; readonly item: Item }) => {
  const marked = scope.marks.item(item.id);
  if (scope.marks.blank || marked === null) return <span className="box" />;
  return <Glyph name={marked.view.kind === 'group' && marked.state !== 'done' ? 'group' : marked.state} />;
};

const Who = ({ scope, item }: { readonly scope: SheetScope; readonly item: Item }): ReactNode => {
  // Whoever signs writes their name and the date anyway.
  if (item.children.length > 0 || item.fields.some(({ kind }) => kind === 'signature')) return null;
  if (scope.marks.blank)
    return (
      <span className="who">
        by <i className="rule" /> at <i className="rule" />
      </span>
    );
  const marked = scope.marks.item(item.id);
  return marked === null ? null : <strong className="who">{stateWord(marked.state)}</strong>;
};

const lineCount = (text: string): number => text.split('\n').length;

/** The fields that stand in the item's own words, and those of the bullets beneath it, by line. */
const fieldLines = (item: Item): { own: readonly Field[]; below: ReadonlyMap<number, readonly Field[]> } => {
  const last = item.span.line + lineCount(item.markdown) - 1;
  return {
    own: item.fields.filter(({ span }) => span.line <= last),
    below: Map.groupBy(
      item.fields.filter(({ span }) => span.line > last),
      ({ span }) => span.line,
    ),
  };
};

const indent = (depth: number): string => `depth-${Math.min(depth, 4)}`;

const itemRow = (scope: SheetScope, item: Item, frame: Frame, own: readonly Field[]): readonly Row[] => {
  const [first = '', ...more] = own.length > 0 ? [item.markdown] : wrapWords(item.markdown);
  const of = { area: 'portrait', frame } as const;
  return [
    {
      ...of,
      key: `item-${item.id}`,
      className: `paper-item ${indent(item.depth)}`,
      keep:
        item.children.length > 0 ||
        item.commands.some(({ source }) => source === 'fence') ||
        (!scope.marks.blank && scope.evidence.has(item.id)) ||
        item.fields.some((field) => field.kind === 'signature' || !own.includes(field)),
      body: (
        <div className="item-line" data-item={item.id}>
          <Box scope={scope} item={item} />
          <span className="paper-number">{scope.number(item.id)}</span>
          <span className={own.some(({ kind }) => kind === 'signature') ? 'line signing' : 'line'} dir="auto">
            <Line parts={partsOf(first.replaceAll(/\s*\n\s*/gu, ' '), own)} marks={scope.marks} />
          </span>
          <Who scope={scope} item={item} />
        </div>
      ),
    },
    ...more.map((text, at) => ({
      ...of,
      key: `item-${item.id}-${at}`,
      className: `paper-item item-more ${indent(item.depth)}`,
      body: (
        <p className="line" dir="auto">
          {text}
        </p>
      ),
    })),
  ];
};

const belowRows = (scope: SheetScope, item: Item, frame: Frame): readonly Row[] =>
  [...fieldLines(item).below].map(([at, fields], index, lines) => ({
    key: `item-${item.id}-line-${at}`,
    area: 'portrait',
    frame,
    keep: index < lines.length - 1,
    className: `paper-item item-field ${indent(item.depth)}`,
    body: (
      <div className="line" dir="auto">
        <Line parts={partsOf(bareLine(scope.line(at)), fields)} marks={scope.marks} />
      </div>
    ),
  }));

/** An item with everything that stands under it, in the order of the document. */
export const itemRows = (scope: SheetScope, item: Item, frame: Frame): readonly Row[] => [
  ...itemRow(scope, item, frame, fieldLines(item).own),
  ...belowRows(scope, item, frame),
  ...item.commands
    .filter(({ source }) => source === 'fence')
    .flatMap((command, at) => fenceRows(`fence-${item.id}-${at}`, command.text, scope.columns, 'portrait')),
  ...item.details.flatMap((block, at) =>
    block.kind === 'command' || block.kind === 'item' ? [] : blockRows(scope, `detail-${item.id}-${at}`, block),
  ),
  ...evidenceOf(scope, item, frame),
  ...item.children.flatMap((child) => itemRows(scope, child, frame)),
];
