import { WarRoomError } from '../../shared/errors.ts';
import type { Clock } from '../clock.ts';
import type { Documents } from '../documents.ts';
import type { PrintPdf } from '../print/printing.ts';
import { documentSheet } from '../sheets/read.ts';
import type { SheetReader } from '../sheets/read.ts';
import { os } from './door.ts';

type Deps = {
  readonly read: SheetReader;
  readonly documents: Documents;
  readonly clock: Clock;
  /** What makes a PDF here; null where nothing does. */
  readonly print: PrintPdf | null;
};

/** What paper is drawn from. Whoever only watches gets no telephone numbers. */
export const sheetsProcedures = ({ read, documents, clock, print }: Deps) => ({
  read: os.sheets.read.handler(async ({ input, context }) => {
    const data = await read(input.runId, input.seq, input.zone);
    return context.caller.grant === 'operate' ? data : { ...data, contacts: [] };
  }),
  document: os.sheets.document.handler(({ input, context }) =>
    documentSheet(documents, input, context.caller.via, { at: clock.now(), zone: input.zone }),
  ),
  pdf: os.sheets.pdf.handler(async ({ input }) => {
    const { runId, seq, zone, sheet, paper } = input;
    if (print === null)
      throw new WarRoomError('unavailable', 'This app makes no PDF by itself: print, and choose "Save as PDF" there.');
    const { pdf } = await print({ sheet, paper, data: await read(runId, seq, zone) });
    return { name: `${runId}-${sheet}.pdf`, base64: pdf.toString('base64') };
  }),
});
