import './base.css';
import { createRoot } from 'react-dom/client';
import type { SheetJob } from '../shared/sheet/model.ts';
import { Paged } from './surfaces/sheet/paged.tsx';
import { sheetOf } from './surfaces/sheet/sheet-rows.ts';

/**
 * A sheet and nothing around it, for whoever prints without a window: it finds what to draw in `sheet.json` beside
 * itself, and says on the root element when its pages stand (`data-sheet`: their number) or why they don't, and which
 * fonts did not come (`data-missing`).
 */
const { documentElement: page } = document;

const draw = async (): Promise<void> => {
  const job: SheetJob = await (await fetch('sheet.json')).json();
  const { rows, head } = sheetOf(job);
  document.title = `${head.title} · ${head.kind}`;
  page.lang = head.language;
  const root = document.getElementById('root');
  if (root === null) throw new Error('sheet.html has no #root');
  const fail = (cause: unknown): void => void (page.dataset['fault'] = String(cause));
  const ready = (pages: number, missing: readonly string[]): void => {
    page.dataset['missing'] = missing.join(' and ');
    page.dataset['sheet'] = String(pages);
  };
  createRoot(root, { onUncaughtError: fail }).render(
    <main className="bare-sheet">
      <Paged rows={rows} head={head} paper={job.paper} onReady={ready} />
    </main>,
  );
};

draw().catch((cause: unknown) => (page.dataset['fault'] = String(cause)));
