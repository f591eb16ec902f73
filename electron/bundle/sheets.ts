import type { Buffer } from 'node:buffer';
import { WarRoomError } from '../../shared/errors.ts';
import type { RunId } from '../../shared/events.ts';
import type { Paper } from '../../shared/sheet/model.ts';
import type { PrintPdf } from '../print/pdf.ts';
import type { SheetReader } from '../sheets/read.ts';
import { cleaned } from './credentials.ts';

/** What can be put on paper where a bundle is made; `print` is null where this machine makes no PDF. */
export type SheetMaker = { readonly read: SheetReader; readonly print: PrintPdf | null };

/** As people asked for it: on which paper, and in which zone times are written. */
export type SheetWish = { readonly paper: Paper; readonly zone: string };

/** The contacts card stays at home: it holds telephone numbers, and ends with its run. */
const kinds = ['record', 'sign-off', 'rollback'] as const;

export type BundledSheets = {
  readonly files: readonly (readonly [name: string, pdf: Buffer])[];
  /** Why there are none, in a sentence; null where they are there. */
  readonly remark: string | null;
};

/** The sheets of a run as PDFs. A machine that can't print still makes a bundle: the sheets are drawn where it is opened. */
export const sheetsFor = async (
  { read, print }: SheetMaker,
  runId: RunId,
  { paper, zone }: SheetWish,
): Promise<BundledSheets> => {
  const without = (why: string): BundledSheets => ({
    files: [],
    remark: `The bundle holds no printed sheets: ${why} War Room draws them from it wherever it is opened.`,
  });
  if (print === null) return without('this app makes no PDF by itself.');
  const known = await read(runId, null, zone);
  // As in the documents of the bundle: nobody's number, and no credential that stands in a target.
  const data = { ...known, contacts: [], target: cleaned(known.target) };
  const files: (readonly [string, Buffer])[] = [];
  try {
    for (const sheet of kinds) files.push([`sheets/${sheet}.pdf`, (await print({ sheet, paper, data })).pdf]);
  } catch (cause) {
    if (!(cause instanceof WarRoomError)) throw cause;
    return without(cause.message);
  }
  return { files, remark: null };
};
