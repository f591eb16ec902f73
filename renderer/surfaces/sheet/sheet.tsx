import { useCallback, useEffect, useMemo, useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import type { Paper, SheetData, SheetKind } from '../../../shared/sheet/model.ts';
import { useApp } from '../../app-context.ts';
import { keep } from '../../look.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { useStore } from '../../store.ts';
import { useBundled, useChoice } from '../runs/use-choice.ts';
import { firstPaper } from './first-paper.ts';
import { Paged } from './paged.tsx';
import { PaperPanel } from './paper-panel.tsx';
import { SheetBar } from './sheet-bar.tsx';
import { sheetOf } from './sheet-rows.ts';
import { SignPanel } from './sign-panel.tsx';
import { useSheet } from './use-sheet.ts';
import './sheet.css';

const Pages = ({
  data,
  sheet,
  paper,
  onReady,
}: {
  readonly data: SheetData;
  readonly sheet: SheetKind;
  readonly paper: Paper;
  readonly onReady: (pages: number) => void;
}) => {
  const { rows, head } = useMemo(() => sheetOf({ data, sheet, paper }), [data, sheet, paper]);
  useEffect(() => {
    const before = document.title;
    const { documentElement: page } = document;
    document.title = `${head.title} · ${head.kind}`;
    // What is printed is the document; the bars around it, which are not, say themselves that they are English.
    page.lang = head.language;
    return () => {
      document.title = before;
      page.lang = 'en';
    };
  }, [head]);
  return <Paged rows={rows} head={head} paper={paper} onReady={onReady} />;
};

const useOperates = (): boolean =>
  useStore(
    useApp().connection.state,
    (state) => (state.kind === 'live' || state.kind === 'lost') && state.hello?.grant === 'operate',
  );

/** What the printer gets, as pages: the same on this screen, from the printer and in a file. */
export const SheetSurface = ({ runId, sheet }: { readonly runId: RunId | null; readonly sheet: SheetKind }) => {
  const [paper, setPaper] = useState(firstPaper);
  const [seq, setSeq] = useState<number | null>(null);
  const [pages, setPages] = useState<number | null>(null);
  const [typing, setTyping] = useState(false);
  const { choice } = useChoice(useBundled());
  const { state, again } = useSheet(runId, seq, choice);
  const operates = useOperates();
  const data = state.kind === 'known' ? state.data : null;
  const closed = data?.run?.events.at(-1)?.type === 'run-closed';
  const mayType = runId !== null && sheet === 'checklist' && operates && seq === null && !closed && !typing;
  const onType = mayType ? () => setTyping(true) : null;
  const onReady = useCallback((count: number) => setPages(count), []);
  const choosePaper = (chosen: Paper): void => {
    keep('paper', chosen);
    setPages(null);
    setPaper(chosen);
  };
  return (
    <div className="sheet-surface" lang="en">
      <SheetBar {...{ runId, sheet, paper, seq, data, pages, again, setSeq }} setPaper={choosePaper} onType={onType} />
      <div className="sheet-middle">
        <main className="sheet-desk" aria-label="Pages" aria-busy={state.kind === 'reading' || pages === null}>
          {state.kind === 'refused' && (
            <p className="row" role="alert">
              <Glyph name="fail" /> {state.sentence}
            </p>
          )}
          {state.kind === 'reading' && <div className="skeleton sheet-skeleton" role="status" aria-label="Reading" />}
          {data !== null && <Pages {...{ data, sheet, paper, onReady }} />}
        </main>
        {data?.run != null && typing && (
          <PaperPanel
            data={data}
            runId={data.run.id}
            onDone={() => {
              setTyping(false);
              again();
            }}
          />
        )}
        {data?.run != null && sheet === 'sign-off' && operates && seq === null && (
          <SignPanel data={data} runId={data.run.id} onChanged={again} />
        )}
      </div>
    </div>
  );
};
