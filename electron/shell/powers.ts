import { app, dialog } from 'electron';
import type { BrowserWindow } from 'electron';
import { join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';
import type { ShellOrder } from '../../shared/shell/contract.ts';
import type { WindowPowers } from '../powers.ts';
import { saveWhole } from '../store/whole-file.ts';

/** What came for a window before its page listened waits here, so that a file given at the start is not lost. */
const createOrders = () => {
  let waiting: ShellOrder[] = [];
  let listener: ((order: ShellOrder) => void) | null = null;
  return {
    give: (order: ShellOrder): void => {
      if (listener === null) waiting.push(order);
      else listener(order);
    },
    listen: (to: (order: ShellOrder) => void): (() => void) => {
      listener = to;
      for (const order of waiting.splice(0)) to(order);
      waiting = [];
      return () => {
        if (listener === to) listener = null;
      };
    },
  };
};

const print = (window: BrowserWindow): Promise<boolean> =>
  new Promise((resolve, reject) => {
    window.webContents.print({ silent: false, printBackground: true }, (printed, reason) => {
      if (printed || /cancel/iu.test(reason)) resolve(printed);
      else
        reject(
          new WarRoomError(
            'unavailable',
            `The printer did not take it (${reason}). Save it as PDF instead, and print that.`,
          ),
        );
    });
  });

const save = async (window: BrowserWindow, name: string, bytes: Uint8Array): Promise<string | null> => {
  const { canceled, filePath } = await dialog.showSaveDialog(window, {
    defaultPath: join(app.getPath('documents'), name.replaceAll(/[\/\\:*?"<>\|]/gv, '-')),
    filters: [{ name: 'PDF', extensions: ['pdf'] }],
  });
  if (canceled || filePath === '') return null;
  try {
    await saveWhole(filePath, bytes);
    return filePath;
  } catch (cause) {
    if (cause instanceof WarRoomError) throw cause;
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : 'unknown';
    throw new WarRoomError('unavailable', `"${filePath}" could not be written (${code}). Choose another place.`, {
      cause,
    });
  }
};

/** A window's powers, and where the system puts its orders for it. */
export const powersOf = (
  window: BrowserWindow,
): { readonly powers: WindowPowers; readonly give: (order: ShellOrder) => void } => {
  const orders = createOrders();
  return {
    give: orders.give,
    powers: {
      raise: () => {
        if (window.isMinimized()) window.restore();
        window.show();
        window.focus();
      },
      print: () => print(window),
      // Chromium's own defaults are Letter and no backgrounds; the page's print rules say the size, and status is shaded.
      pdf: () =>
        window.webContents.printToPDF({
          printBackground: true,
          preferCSSPageSize: true,
          generateTaggedPDF: true,
          generateDocumentOutline: true,
        }),
      save: (name, bytes) => save(window, name, bytes),
      picture: async () => (await window.webContents.capturePage()).toPNG(),
      onOrder: orders.listen,
    },
  };
};
