import type { Buffer } from 'node:buffer';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import type { Paper, SheetJob } from '../../shared/sheet/model.ts';
import type { DrawFiles } from '../print/file.ts';
import type { PrintPdf } from '../print/printing.ts';
import type { SheetReader } from '../sheets/read.ts';
import { cleaned } from './credentials.ts';

/** What can be put on paper where a bundle is made; `print` and `draw` are null where this machine can't. */
export type SheetMaker = {
  readonly read: SheetReader;
  readonly print: PrintPdf | null;
  readonly draw: DrawFiles | null;
};

/** As people asked for it: on which paper, and in which zone times are written. */
export type SheetWish = { readonly paper: Paper; readonly zone: string };

/** The contacts card stays at home: it holds telephone numbers, and ends with its run. */
const kinds = ['record', 'sign-off', 'rollback'] as const;

type Files = readonly (readonly [name: string, bytes: Buffer])[];

export type BundledSheets = {
  readonly files: Files;
  /** Why there are none, or none as PDF, in a sentence; null where they are there. */
  readonly remark: string | null;
};

const printed = async (print: PrintPdf | null, jobs: readonly SheetJob[]): Promise<Files | string> => {
  if (print === null) return 'this app makes no PDF by itself.';
  try {
    const files: (readonly [string, Buffer])[] = [];
    for (const job of jobs) files.push([`sheets/${job.sheet}.pdf`, (await print(job)).pdf]);
    return files;
  } catch (cause) {
    if (cause instanceof WarRoomError) return cause.message;
    throw cause;
  }
};

/**
 * The sheets of a run as PDFs, as it stood at entry `seq`: what comes while they are drawn is not in the bundle, and so
 * not on its sheets. Where nothing makes one, HTML that any browser opens and prints. A machine that can do neither still makes a
 * bundle: the sheets are drawn where it is opened.
 */
export const sheetsFor = async (
  { read, print, draw }: SheetMaker,
  runId: RunId,
  seq: number,
  { paper, zone }: SheetWish,
): Promise<BundledSheets> => {
  const known = await read(runId, seq, zone);
  // As in the documents of the bundle: nobody's number, and no credential that stands in a target.
  const data = { ...known, contacts: [], target: cleaned(known.target) };
  const jobs = kinds.map((sheet): SheetJob => ({ sheet, paper, data }));
  const pdfs = await printed(print, jobs);
  if (typeof pdfs !== 'string') return { files: pdfs, remark: null };
  if (draw === null) {
    const remark = `The bundle holds no printed sheets: ${pdfs} War Room draws them from it wherever it is opened.`;
    return { files: [], remark };
  }
  const pages = await draw(jobs);
  return {
    files: pages.map((page, at) => [`sheets/${kinds[at]}.html`, page]),
    remark: `The sheets in the bundle are pages for a browser, which prints them: ${pdfs}`,
  };
};
