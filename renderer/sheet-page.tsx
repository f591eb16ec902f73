import './base.css';
import { createRoot } from 'react-dom/client';
import type { SheetJob } from '../shared/sheet/model.ts';
import { Paged } from './surfaces/sheet/paged.tsx';
import { sheetOf } from './surfaces/sheet/sheet-rows.ts';

/**
 * A sheet and nothing around it, for whoever prints without a window: it finds what to draw in `sheet.json` beside
 * itself, and says on the root element when its pages stand (`data-sheet`: their number) or why they don't.
 */
const { documentElement: page } = document;

const draw = async (): Promise<void> => {
  const job: SheetJob = await (await fetch('sheet.json')).json();
  const { rows, head } = sheetOf(job);
  document.title = `${head.title} · ${head.kind}`;
  const root = document.getElementById('root');
  if (root === null) throw new Error('sheet.html has no #root');
  const fail = (cause: unknown): void => void (page.dataset['fault'] = String(cause));
  createRoot(root, { onUncaughtError: fail }).render(
    <main className="bare-sheet">
      <Paged rows={rows} head={head} paper={job.paper} onReady={(pages) => (page.dataset['sheet'] = String(pages))} />
    </main>,
  );
};

draw().catch((cause: unknown) => (page.dataset['fault'] = String(cause)));
