import { memo } from 'react';
import type { Block, Item, ItemId, Section } from '../../../shared/runbook/model.ts';
import { isSettled } from '../../../shared/projections/checklist.ts';
import { Markdown } from '../../parts/markdown.tsx';
import { useNow } from '../../now.ts';
import { itemsIn, shortTitle } from '../../outline.ts';
import { nowSinceT0 } from '../../run-time.ts';
import { span } from '../../words.ts';
import { CommandBox } from './command-box.tsx';
import { FieldRow } from './fields.tsx';
import { ItemRow } from './item-row.tsx';
import { useRoom, useRun } from './room-context.tsx';
import './section-view.css';

/** Against the clock: what is still open when its time has passed is overdue, and says by how much. */
const DueWords = ({ section, open }: { readonly section: Section; readonly open: number }) => {
  const { view } = useRoom();
  const end = section.window?.toMs ?? null;
  const inMs = useNow((now) => {
    const since = nowSinceT0(view.get().room, now);
    return since === null || end === null || end <= 0 ? null : Math.round((end - since) / 1_000) * 1_000;
  });
  if (inMs === null || open === 0) return null;
  return (
    <span className="due" data-overdue={inMs < 0}>
      {inMs < 0 ? `overdue ${span(-inMs)}` : `due in ${span(inMs)}`}
    </span>
  );
};

/** When it is done, as the document says it: of a heading that says it in brackets, what stands in them. */
const whenWords = ({ title, cadence, window }: Section): string | null => {
  const words = cadence?.text ?? window?.text ?? null;
  return words === title ? (/\(([^()]+)\)\s*:?\s*$/u.exec(title)?.[1] ?? null) : words;
};

const SectionHead = ({ section }: { readonly section: Section }) => {
  const items = itemsIn(section);
  const open = useRun(({ checklist }) => {
    const view = (id: ItemId) => checklist.items[checklist.index.get(id) ?? -1];
    return items.filter(({ id }) => {
      const item = view(id);
      return item === undefined || !isSettled(checklist, item);
    }).length;
  });
  const when = whenWords(section);
  return (
    <header className="section-head">
      <h2 id={`section-${section.id}`}>{when === null ? section.title : shortTitle(section.title)}</h2>
      {when !== null && <small>{when}</small>}
      <span className="grow" />
      <DueWords section={section} open={open} />
      {items.length > 0 && (
        <span className="section-count">
          {items.length - open}/{items.length}
        </span>
      )}
    </header>
  );
};

const flat = (item: Item): readonly Item[] => [item, ...item.children.flatMap(flat)];

type BlockProps = { readonly block: Block; readonly current: ItemId | null; readonly old: boolean };

const SectionBlock = ({ block, current, old }: BlockProps) => {
  switch (block.kind) {
    case 'item':
      return flat(block.item).map((item) => (
        <ItemRow key={item.id} item={item} current={item.id === current} old={old} />
      ));
    case 'text':
      return (
        <li className="item-aside prose">
          <Markdown text={block.markdown} />
        </li>
      );
    case 'form':
      return (
        <li className="item-aside fields">
          {block.fields.map((field) => (
            <FieldRow key={field.id} field={field} />
          ))}
        </li>
      );
    case 'command':
      return (
        <li className="item-aside">
          <CommandBox command={block.command} />
        </li>
      );
    case 'table':
      return (
        <li className="item-aside scroll">
          <Table block={block} />
        </li>
      );
  }
};

const Table = ({ block }: { readonly block: Extract<Block, { kind: 'table' }> }) => (
  <>
    <table>
      <thead>
        <tr>
          {block.header.map((cell, at) => (
            <th key={at}>{cell}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {block.rows.map((row, at) => (
          <tr key={at}>
            {row.map((cell, column) => (
              <td key={column}>{cell.replaceAll(/_{3,}/gu, '—')}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  </>
);

type Props = { readonly section: Section; readonly current: ItemId | null; readonly old: boolean };

/** A group of the document: its heading with time and progress, and its lines in their order. */
export const SectionView = memo(({ section, current, old }: Props) => (
  <section className="section" aria-labelledby={section.title === '' ? undefined : `section-${section.id}`}>
    {section.title !== '' && <SectionHead section={section} />}
    {section.blocks.length > 0 && (
      <ol className="items">
        {section.blocks.map((block) => (
          <SectionBlock key={`${block.kind} ${block.span.line}`} block={block} current={current} old={old} />
        ))}
      </ol>
    )}
  </section>
));
