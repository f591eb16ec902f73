import type { SheetData, SheetKind } from './model.ts';

/**
 * What the code on every page says, in one line of text: the sheet, the run, its audit head, the document's hash and
 * when it was printed, parted by spaces. `war-room verify` compares the head with the history; a checklist without a
 * run has "-" for both.
 */
export const sheetPayload = (sheet: SheetKind, { run, document, at }: SheetData): string =>
  [
    'war-room/1',
    sheet,
    `run=${run?.id ?? '-'}`,
    `head=${run === null ? '-' : `${run.head.seq}:${run.head.hash}`}`,
    `doc=${document.sha256.slice(0, 16)}`,
    `at=${new Date(at).toISOString().slice(0, 19)}Z`,
  ].join(' ');
