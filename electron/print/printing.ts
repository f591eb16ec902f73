import type { Buffer } from 'node:buffer';
import { setTimeout as wait } from 'node:timers/promises';
import { WarRoomError } from '../../shared/errors.ts';
import type { SheetJob } from '../../shared/sheet/model.ts';

/** `remark`: what is not as it should be, in a sentence; the sheet is whole all the same. */
export type Printed = { readonly pdf: Buffer; readonly remark: string | null };

/** Makes a PDF of a sheet. Throws unavailable where nothing here can, and too-large after five minutes. */
export type PrintPdf = (job: SheetJob) => Promise<Printed>;

/** How Chromium prints a sheet, be it one of this machine or the app's own: black on white, tagged, with an outline. */
export const paperOptions = {
  preferCSSPageSize: true,
  printBackground: false,
  generateTaggedPDF: true,
  generateDocumentOutline: true,
} as const;

/** What the page of a sheet says on its root element. */
export type PageState = { readonly sheet?: string; readonly fault?: string; readonly missing?: string };

/**
 * Waits until the pages stand; what is to be remarked of them. A document of thousands of items takes its time; nothing
 * takes five minutes.
 */
export const standing = async (look: () => Promise<PageState>): Promise<string | null> => {
  for (let turn = 0; turn < 6_000; turn += 1) {
    const { sheet, fault, missing = '' } = await look();
    if (fault !== undefined) throw new Error(`the sheet could not be drawn: ${fault}`);
    if (sheet !== undefined)
      return missing === ''
        ? null
        : `${missing} could not be loaded: the sheet is set in another font of this machine.`;
    await wait(50);
  }
  throw new WarRoomError('too-large', 'The sheet was not laid out within five minutes. Print a smaller part of it.');
};
