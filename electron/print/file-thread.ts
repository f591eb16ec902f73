import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';
import type { SheetJob } from '../../shared/sheet/model.ts';

/** What the thread is started with: the built module that draws, and what it is to draw. */
export type FileOrder = { readonly module: string; readonly jobs: readonly SheetJob[] };
type Drawing = { readonly sheetFile: (job: SheetJob) => string };

/** Draws sheets into files beside the room, which a record of thousands of items would hold up for seconds. */
const { module, jobs }: FileOrder = workerData;
const { sheetFile }: Drawing = await import(pathToFileURL(module).href);
parentPort?.postMessage(jobs.map(sheetFile));
