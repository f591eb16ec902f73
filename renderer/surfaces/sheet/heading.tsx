import type { Phase, Section } from '../../../shared/runbook/model.ts';
import { itemsOf } from '../../../shared/runbook/walk.ts';
import { formatCount } from '../../../shared/format.ts';
import { columnsOf, wrapWords } from '../../../shared/sheet/wrap.ts';
import type { Area, Row } from './flow.ts';
import { Words } from './line.tsx';
import type { PageHead } from './page-frame.tsx';
import type { SheetScope } from './scope.ts';

/** "Phase 1: Verification (1 hour before)" in two: what it is, and when. */
const split = (title: string): readonly [string, string] => {
  const match = /^(.*\S)\s*\(([^()]*)\)\s*$/u.exec(title);
  return match === null ? [title, ''] : [match[1] ?? title, match[2] ?? ''];
};

/** A phase begins: its name, its time in the document's words, how many items it has. */
export const phaseRow = (phase: Phase): Row => {
  const [title, when] = split(phase.title);
  return {
    key: `phase-${phase.id}`,
    area: 'portrait',
    keep: true,
    running: title,
    className: 'phase-row',
    body: (
      <h2 dir="auto">
        <Words text={title} />
        <small dir="auto">
          {[when, formatCount(itemsOf(phase).length, 'item')].filter((part) => part !== '').join(' · ')}
        </small>
      </h2>
    ),
  };
};

/** A heading with the box that its team gave it. */
export const headingRow = (scope: SheetScope, section: Section, area: Area): Row => {
  const [title, when] = split(section.title);
  const body = (
    <>
      {section.boxed && scope.marks.blank && <span className="box" />}
      <Words text={title} />
      {when !== '' && <small>{when}</small>}
    </>
  );
  return {
    key: `section-${section.id}-${area}`,
    area,
    keep: true,
    className: 'section-row',
    body: section.level > 3 ? <h4 dir="auto">{body}</h4> : <h3 dir="auto">{body}</h3>,
  };
};

/** Columns that the head of a page has room for: its title in two lines, what it is about in one. */
const roomInHead = { title: 84, about: 60 } as const;

/** What the head of a page has to cut stands whole under the first. */
export const wholeTitle = ({ title, about }: PageHead): readonly Row[] =>
  [
    { text: title, room: roomInHead.title },
    { text: about, room: roomInHead.about },
  ].flatMap(({ text, room }, at): readonly Row[] =>
    columnsOf(text) <= room
      ? []
      : wrapWords(text).map((piece, part) => ({
          key: `whole-title-${at}.${part}`,
          area: 'portrait',
          className: 'paper-prose',
          body: (
            <p dir="auto">
              <b>{piece}</b>
            </p>
          ),
        })),
  );

/** A heading of the sheet's own. */
export const ownHeading = (key: string, title: string, aside = '', area: Area = 'portrait'): Row => ({
  key,
  area,
  keep: true,
  running: title,
  className: 'phase-row',
  body: (
    <h2>
      {title}
      {aside !== '' && <small>{aside}</small>}
    </h2>
  ),
});

/** Room for notes stays with the last of what it is about. */
export const withNotes = (rows: readonly Row[], notes: Row): readonly Row[] => [
  ...rows.map((row, at) => (at === rows.length - 1 ? { ...row, keep: true } : row)),
  notes,
];

/** Room to write what the document did not foresee. */
export const notesRow = (of: string, area: Area): Row => ({
  key: `notes-${of}`,
  area,
  className: 'notes-row',
  body: <p>Notes</p>,
});
