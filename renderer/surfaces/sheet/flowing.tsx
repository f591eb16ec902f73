import type { Paper } from '../../../shared/sheet/model.ts';
import type { Area, Row } from './flow.ts';
import { PageFoot, PageTop } from './page-frame.tsx';
import type { PageHead } from './page-frame.tsx';
import { Pieces } from './pieces.tsx';

type Stretch = { readonly area: Area; readonly rows: readonly Row[] };

/** Rows that follow each other on pages of the same kind. */
const stretchesOf = (rows: readonly Row[]): readonly Stretch[] => {
  const stretches: { area: Area; rows: Row[] }[] = [];
  for (const row of rows) {
    const last = stretches.at(-1);
    if (last?.area === row.area) last.rows.push(row);
    else stretches.push({ area: row.area, rows: [row] });
  }
  return stretches;
};

type Props = { readonly rows: readonly Row[]; readonly head: PageHead; readonly paper: Paper };

/**
 * A sheet as one long column, for a browser that lays out pages by itself when it prints, without a script: the head and
 * the foot are repeated on each, as those of a table are, and rows break where they do in the app.
 */
export const Flowing = ({ rows, head, paper }: Props) => (
  <main className="flowing" data-medium="paper">
    <h1 className="flowing-title">{head.title}</h1>
    {stretchesOf(rows).map(({ area, rows: own }) => (
      <section className="stretch" key={own[0]?.key} data-paper={paper} data-area={area}>
        <div className="stretch-head">
          <PageTop head={head} first={false} running="" />
        </div>
        <div className="stretch-rows">
          <div className="page-body">
            <Pieces rows={own} />
          </div>
        </div>
        <div className="stretch-foot">
          <PageFoot head={head} number={null} />
        </div>
      </section>
    ))}
  </main>
);
