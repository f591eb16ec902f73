import { memo } from 'react';
import type { ReactNode } from 'react';
import { encode } from 'uqr';
import type { Paper } from '../../../shared/sheet/model.ts';
import { columnsOf } from '../../../shared/sheet/wrap.ts';
import type { Area } from './flow.ts';

/** What stands on every page of a sheet. */
export type PageHead = {
  readonly title: string;
  /** Service, environment, release. */
  readonly about: string;
  /** Said on every page: nothing on it is about a real deployment. */
  readonly practice: boolean;
  /** The kind of sheet, in words. */
  readonly kind: string;
  /** Lines beside the code: run, audit head, document. */
  readonly ids: readonly string[];
  readonly payload: string;
  readonly printed: string;
  readonly zone: string;
  /** Of the document, as BCP 47; the sheet's own words are English. */
  readonly language: string;
};

/** Columns of a title that fit in one line beside the code; a longer one is set smaller, in two. */
const titleColumns = 33;

/** The same for a machine: one path, each row of dark squares in as few strokes as it has runs. */
const Code = memo(({ payload }: { readonly payload: string }) => {
  const { size, data } = encode(payload, { border: 0, ecc: 'L' });
  const rows = data.map((row) => row.map((on) => (on ? '1' : '0')).join(''));
  const path = rows.flatMap((row, y) =>
    [...row.matchAll(/1+/gv)].map((run) => `M${run.index} ${y}h${run[0].length}v1H${run.index}z`),
  );
  return (
    <svg className="qr" viewBox={`0 0 ${size} ${size}`} shapeRendering="crispEdges" aria-hidden="true">
      <path d={path.join('')} />
    </svg>
  );
});

/** What stands at the top of a page; the title is a heading on the first alone, and the later ones say where they begin. */
export const PageTop = ({
  head,
  first,
  running,
}: {
  readonly head: PageHead;
  readonly first: boolean;
  readonly running: string;
}) => (
  <header className="page-head">
    <div className="page-title">
      <p className="page-kind">
        {head.practice && <strong className="page-practice">Practice: nothing here is real</strong>} {head.kind}
      </p>
      {first ? (
        <h1 dir="auto" data-long={columnsOf(head.title) > titleColumns || undefined}>
          {head.title}
        </h1>
      ) : (
        <p className="page-name" dir="auto">
          {head.title}
        </p>
      )}
      <p className="page-about" dir="auto">
        {head.about}
      </p>
      {!first && (
        <p className="page-about" dir="auto">
          {running}
        </p>
      )}
    </div>
    <p className="page-ids">
      {head.ids.map((line) => (
        <span key={line}>{line}</span>
      ))}
    </p>
    <Code payload={head.payload} />
  </header>
);

/** And at its end. `number` is null where whoever prints counts the pages. */
export const PageFoot = ({ head, number }: { readonly head: PageHead; readonly number: string | null }) => (
  <footer className="page-foot">
    <span>
      printed {head.printed} · {head.zone}
    </span>
    <span>{head.ids[0]}</span>
    {number !== null && <span className="page-number">{number}</span>}
  </footer>
);

type Props = {
  readonly head: PageHead;
  readonly paper: Paper;
  readonly area: Area;
  readonly number: number;
  readonly count: number;
  readonly running: string;
  readonly children: ReactNode;
};

/** One page: what it is part of, its rows, and which page of how many it is. */
export const PageFrame = ({ head, paper, area, number, count, running, children }: Props) => (
  <section className="page" data-paper={paper} data-area={area} aria-label={`Page ${number} of ${count}`}>
    <PageTop head={head} first={number === 1} running={running} />
    <div className="page-body">{children}</div>
    <PageFoot head={head} number={`page ${number} of ${count}`} />
  </section>
);
