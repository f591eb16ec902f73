import { Markdown } from '../../parts/markdown.tsx';
import type { LinePart } from '../../../shared/sheet/parts.ts';
import type { Marks } from './marks.ts';

const marked = /[\\`*_~<>&[\]!#]|:\/\/|www\.|^\s*(?:[-+]|\d+[.)])\s/u;

/** Words of the document on paper: links are written out. Most lines hold no mark at all and need no parser. */
export const Words = ({ text }: { readonly text: string }) =>
  marked.test(text) ? (
    <>
      {/^\s/u.test(text) && ' '}
      <Markdown text={text.trim()} mode="paper" />
      {/\s$/u.test(text) && ' '}
    </>
  ) : (
    text
  );

const size = (part: LinePart & { kind: 'blank' }): string => {
  const { blank, signature } = part;
  if (signature !== null) return blank === signature.name ? 'signature' : 'date';
  if (blank.width >= 30) return 'line';
  return blank.value === 'number' || blank.value === 'time' ? 'number' : blank.value === 'date' ? 'date' : 'words';
};

/** The unit stands behind the blank already. */
const withoutUnit = (value: string, unit: string | null): string =>
  unit !== null && value.endsWith(unit) ? value.slice(0, -unit.length).trimEnd() : value;

const Blank = ({ part, marks }: { readonly part: LinePart & { kind: 'blank' }; readonly marks: Marks }) => {
  const { blank, caption, signature } = part;
  const filled = marks.field(blank.id) ?? (signature === null ? null : marks.field(signature.id));
  return (
    <>
      {caption !== null && <span className="caption">{caption}</span>}
      <span
        className="blank"
        data-size={size(part)}
        data-field={blank.id}
        role="note"
        aria-label={`${blank.label}: to fill in`}
      >
        {filled !== null && <b>{withoutUnit(filled.value, blank.unit)}</b>}
      </span>
    </>
  );
};

const Option = ({ part, marks }: { readonly part: LinePart & { kind: 'option' }; readonly marks: Marks }) => {
  const { choice, option } = part;
  const filled = marks.field(choice.id);
  const chosen = filled === null ? option.checked : filled.value === option.label;
  return (
    <span className="option" data-option={`${choice.id}=${option.label}`} data-chosen={chosen || undefined}>
      <span className="option-box">{chosen ? '☒' : '☐'}</span> {option.label}
    </span>
  );
};

/** One line of the document with a place for each answer. Its words may be paragraphs: it stands in none itself. */
export const Line = ({ parts, marks }: { readonly parts: readonly LinePart[]; readonly marks: Marks }) => (
  <>
    {parts.map((part, at) =>
      part.kind === 'text' ? (
        <Words key={at} text={part.text} />
      ) : part.kind === 'blank' ? (
        <Blank key={at} part={part} marks={marks} />
      ) : (
        <Option key={at} part={part} marks={marks} />
      ),
    )}
  </>
);
