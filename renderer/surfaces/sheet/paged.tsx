import { useEffect, useLayoutEffect, useMemo, useRef, useState } from 'react';
import type { Paper } from '../../../shared/sheet/model.ts';
import { useFonts } from './fonts.tsx';
import type { Area, Row } from './flow.ts';
import { PageFrame } from './page-frame.tsx';
import type { PageHead } from './page-frame.tsx';
import { paginate } from './paginate.ts';
import type { PageRows } from './paginate.ts';
import { pxPerMm, spaceOn } from './paper.ts';
import { Pieces } from './pieces.tsx';
import './paper.css';
import './rows.css';
import './forms.css';

const areas = ['portrait', 'landscape'] as const;

type Laid = { readonly rows: readonly Row[]; readonly paper: Paper; readonly pages: readonly PageRows[] };

/** The rows as they will stand, in one long column of each width: only here can their heights be read. */
const Gauge = ({
  rows,
  paper,
  onLaid,
}: {
  readonly rows: readonly Row[];
  readonly paper: Paper;
  readonly onLaid: (laid: Laid) => void;
}) => {
  const gauge = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const element = gauge.current;
    if (element === null) return;
    let gone = false;
    // A font that the words call for by themselves, of another script, may still be on its way.
    void document.fonts.ready.then(() => {
      if (!gone) onLaid({ rows, paper, pages: measure(element, rows, paper) });
    });
    return () => {
      gone = true;
    };
  }, [rows, paper, onLaid]);
  return (
    <div ref={gauge} className="gauge" aria-hidden data-medium="paper">
      {areas.map((area) => (
        <div key={area} className="page-body" style={{ width: `${spaceOn(paper, area).width}mm` }}>
          <Pieces rows={rows.filter((row) => row.area === area)} />
        </div>
      ))}
    </div>
  );
};

const heightsIn = (element: HTMLElement, name: 'row' | 'head'): ReadonlyMap<string, number> =>
  new Map(
    [...element.querySelectorAll<HTMLElement>(`[data-${name}]`)].map((own) => [
      own.dataset[name] ?? '',
      own.getBoundingClientRect().height / pxPerMm,
    ]),
  );

const measure = (element: HTMLElement, rows: readonly Row[], paper: Paper): readonly PageRows[] => {
  const heights = heightsIn(element, 'row');
  const heads = heightsIn(element, 'head');
  const room = Object.fromEntries(areas.map((area) => [area, spaceOn(paper, area).height])) as Record<Area, number>;
  return paginate(
    rows.map((row) => ({
      height: heights.get(row.key) ?? 0,
      area: row.area,
      keep: row.keep ?? false,
      newPage: row.newPage ?? false,
      head: row.frame?.kind === 'table' ? { id: row.frame.id, height: heads.get(row.frame.id) ?? 0 } : null,
    })),
    room,
  );
};

/** The phase in which each page begins. */
const runningOf = (rows: readonly Row[], pages: readonly PageRows[]): readonly string[] => {
  let running = '';
  let at = 0;
  return pages.map(({ from }) => {
    for (; at <= from; at += 1) running = rows[at]?.running ?? running;
    return running;
  });
};

type Props = {
  readonly rows: readonly Row[];
  readonly head: PageHead;
  readonly paper: Paper;
  /** Called once the pages stand; with how many they are, and the fonts that could not be loaded. */
  readonly onReady: (pages: number, missing: readonly string[]) => void;
};

type PagesProps = Omit<Props, 'rows'> & { readonly rows: readonly Row[]; readonly missing: readonly string[] };

const Pages = ({ rows, head, paper, missing, onReady }: PagesProps) => {
  const [laid, setLaid] = useState<Laid | null>(null);
  const current = laid !== null && laid.rows === rows && laid.paper === paper ? laid : null;
  useEffect(() => {
    if (current !== null) onReady(current.pages.length, missing);
  }, [current, missing, onReady]);
  if (current === null) return <Gauge rows={rows} paper={paper} onLaid={setLaid} />;
  const running = runningOf(rows, current.pages);
  return (
    <div className="pages" data-medium="paper" lang={head.language}>
      {current.pages.map(({ from, to, area }, at) => (
        <PageFrame
          key={at}
          {...{ head, paper, area, number: at + 1, count: current.pages.length, running: running[at] ?? '' }}
        >
          <Pieces rows={rows.slice(from, to)} />
        </PageFrame>
      ))}
    </div>
  );
};

/** Rows laid out on pages of the chosen paper: the same on the screen, from the printer and in a file. */
export const Paged = ({ rows, ...rest }: Props) => {
  const fonts = useFonts();
  const all = useMemo(() => (fonts === null ? null : [...fonts.rows, ...rows]), [fonts, rows]);
  return fonts === null || all === null ? null : <Pages {...rest} rows={all} missing={fonts.missing} />;
};
