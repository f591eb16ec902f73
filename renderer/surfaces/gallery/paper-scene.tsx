import { useMemo } from 'react';
import { sheetScene } from '../../../shared/sheet/scene.ts';
import { papers, sheetKinds } from '../../../shared/sheet/model.ts';
import type { Paper, SheetData, SheetKind } from '../../../shared/sheet/model.ts';
import runbookText from '../../../shared/runbooks/production-deployment-checklist.md?raw';
import { serverNow } from '../../now.ts';
import { Paged } from '../sheet/paged.tsx';
import { sheetOf } from '../sheet/sheet-rows.ts';
import { galleryContext } from './scenes.ts';
import '../sheet/sheet.css';

const every: readonly (readonly [SheetKind | 'blank', Paper])[] = [...sheetKinds, 'blank' as const].flatMap((sheet) =>
  papers.map((paper) => [sheet, paper] as const),
);

/** Every sheet on both papers, and the blank one. */
export const PaperList = () => (
  <section>
    <h2>Paper</h2>
    <ul className="gallery-rooms">
      {every.map(([sheet, paper]) => (
        <li key={`${sheet} ${paper}`}>
          <a href={`?gallery=paper&sheet=${sheet}&paper=${paper}`}>
            {sheet} on {paper}
          </a>
        </li>
      ))}
    </ul>
  </section>
);

const nothing = (): void => {};

/** One sheet of a run that holds something of everything: `?gallery=paper&sheet=record&paper=Letter`. */
export const PaperScene = ({ asked }: { readonly asked: URLSearchParams }) => {
  const wanted = asked.get('sheet') ?? 'checklist';
  const paper: Paper = asked.get('paper') === 'Letter' ? 'Letter' : 'A4';
  const { rows, head } = useMemo(() => {
    const full = sheetScene(galleryContext(), runbookText, serverNow());
    const data: SheetData = wanted === 'blank' ? { ...full, run: null } : full;
    const sheet = sheetKinds.find((kind) => kind === wanted) ?? 'checklist';
    return sheetOf({ data, sheet, paper });
  }, [wanted, paper]);
  return (
    <main className="sheet-desk" aria-label="Pages">
      <Paged rows={rows} head={head} paper={paper} onReady={nothing} />
    </main>
  );
};
