import { Buffer } from 'node:buffer';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import type { SheetJob } from '../../shared/sheet/model.ts';
import type { FileOrder } from './file-thread.ts';

/** Sheets as HTML that needs nothing beside it, in the order of the jobs. */
export type DrawFiles = (jobs: readonly SheetJob[]) => Promise<readonly Buffer[]>;

// Bundled, the thread's file lies beside the bundle; from source, beside this file.
const threadFile = new URL(import.meta.url.endsWith('.ts') ? './file-thread.ts' : './file-thread.js', import.meta.url);

/** Draws sheets without a browser, with the built module in `folder`; a browser lays them out when it prints them. */
export const fileDrawer =
  (folder: string): DrawFiles =>
  (jobs) =>
    new Promise((resolve, reject) => {
      const workerData: FileOrder = { module: join(folder, 'sheet-file.js'), jobs };
      const thread = new Worker(threadFile, { workerData });
      thread.once('message', (files: readonly string[]) => resolve(files.map((file) => Buffer.from(file))));
      thread.once('error', reject);
      thread.once('exit', () => reject(new Error('the thread that draws sheets ended without an answer')));
    });
