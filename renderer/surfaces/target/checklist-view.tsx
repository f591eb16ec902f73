import { useMemo, useState } from 'react';
import type { UnderstoodDocument } from '../../../shared/document-views.ts';
import { formatCount } from '../../../shared/format.ts';
import type { Problem } from '../../../shared/runbook/model.ts';
import { readSource } from '../../../shared/runbook/source.ts';
import type { Understood } from '../../../shared/runbook/understood.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { Remark } from './remark.tsx';
import { Slices } from './slices.tsx';
import { SourceLines } from './source-lines.tsx';

type Row = Understood & { readonly source: readonly string[]; readonly problems: readonly Problem[] };

const kindWords: Readonly<Record<Understood['kind'], string>> = {
  phase: 'Phase',
  heading: 'Heading',
  item: 'Item',
  form: 'Form',
  command: 'Command',
  table: 'Table',
  text: 'Shown as text',
};

const glyphOf = ({ kind, facts }: Understood): GlyphName | null => {
  if (kind !== 'item') return null;
  if (facts.some((fact) => fact.startsWith('answered by'))) return 'pending';
  return facts.includes('settled by the items below it') ? 'group' : 'open';
};

const isSafe = (url: string): boolean => url.startsWith('https://') && URL.canParse(url);

const Links = ({ links }: Pick<Understood, 'links'>) =>
  links.map(({ text, url }, at) => (
    <li key={at}>
      {isSafe(url) ? (
        <a href={url} target="_blank" rel="noreferrer noopener">
          {text} ({new URL(url).host})
        </a>
      ) : (
        `link, not opened from here: ${url}`
      )}
    </li>
  ));

const Said = ({ row }: { readonly row: Row }) => {
  const glyph = glyphOf(row);
  const empty = row.kind === 'text' && row.source.every((line) => line.trim() === '');
  return (
    <div className="said" style={{ paddingLeft: 14 + Math.min(row.depth, 8) * 18 }}>
      {!empty && (
        <p className="said-head">
          {glyph !== null && <Glyph name={glyph} />}
          <span className="said-kind">{kindWords[row.kind]}</span>
          <span className="said-words">{row.words}</span>
        </p>
      )}
      {row.facts.length + row.links.length > 0 && (
        <ul className="said-facts">
          {row.facts.map((fact, at) => (
            <li key={at}>{fact}</li>
          ))}
          <Links links={row.links} />
        </ul>
      )}
      {row.problems.map((problem, at) => (
        <Remark key={at} problem={problem} />
      ))}
    </div>
  );
};

const rowsOf = ({ text, rows, problems }: UnderstoodDocument['runbook']): readonly Row[] => {
  const { lines } = readSource(text);
  // Both are in the order of the lines, so that one walk joins them.
  const sorted = problems.toSorted((a, b) => a.line - b.line);
  let next = 0;
  return rows.map((row, index) => {
    const from = next;
    const to = index === rows.length - 1 ? Infinity : row.endLine;
    while (next < sorted.length && (sorted[next]?.line ?? 0) <= to) next += 1;
    return { ...row, source: lines.slice(row.line - 1, row.endLine), problems: sorted.slice(from, next) };
  });
};

const heightOf = ({ source, problems }: Row): number => Math.max(source.length * 21, 30) + problems.length * 90 + 12;

const draw = (row: Row) => (
  <div key={row.line} className="understood-row" data-kind={row.kind} data-remarked={row.problems.length > 0}>
    <SourceLines lines={row.source} from={row.line} />
    <Said row={row} />
  </div>
);

/** The checklist at the left as it is written, and at the right what each of its lines became. */
export const ChecklistView = ({ runbook }: { readonly runbook: UnderstoodDocument['runbook'] }) => {
  const rows = useMemo(() => rowsOf(runbook), [runbook]);
  const [remarked, setRemarked] = useState(false);
  const shown = remarked ? rows.filter(({ problems }) => problems.length > 0) : rows;
  const count = runbook.problems.length;
  return (
    <section aria-label="The checklist, line by line">
      <div className="understood-head">
        <h2>As it is written</h2>
        <div className="row">
          <h2>What was understood</h2>
          <span className="grow" />
          <label className="row">
            <input
              type="checkbox"
              checked={remarked}
              disabled={count === 0}
              onChange={(event) => setRemarked(event.target.checked)}
            />
            Only the {formatCount(count, 'remark')}
          </label>
        </div>
      </div>
      <div className="understood panel">
        <Slices key={String(remarked)} rows={shown} heightOf={heightOf} draw={draw} />
      </div>
    </section>
  );
};
