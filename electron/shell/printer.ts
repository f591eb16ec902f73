import { Buffer } from 'node:buffer';
import { BrowserWindow } from 'electron';
import { WarRoomError } from '../../shared/errors.ts';
import { paperOptions, standing } from '../print/printing.ts';
import type { PageState, PrintPdf } from '../print/printing.ts';
import type { Pages } from './pages.ts';
import { sandboxed } from './security.ts';

/** In a sandbox as every window, without a preload: a sheet asks nothing of the room. */
const createSheetWindow = (): BrowserWindow =>
  new BrowserWindow({
    show: false,
    title: 'War Room – sheet',
    webPreferences: sandboxed,
  });

/** Prints sheets with the app itself, in a window that is never shown: a desktop needs no other browser for its PDFs. */
export const windowPrinter =
  (pages: Pages): PrintPdf =>
  async (job) => {
    const { url, end } = pages.sheet(job);
    const window = createSheetWindow();
    const { webContents } = window;
    const gone = new Promise<never>((_, reject) => {
      webContents.once('render-process-gone', (_event, { reason }) =>
        reject(new WarRoomError('unavailable', `The page of the sheet ended before it was printed (${reason}).`)),
      );
    });
    gone.catch(() => {});
    const look = (): Promise<PageState> => webContents.executeJavaScript('({...document.documentElement.dataset})');
    const print = async () => {
      await window.loadURL(url);
      const remark = await standing(look);
      return { pdf: Buffer.from(await webContents.printToPDF(paperOptions)), remark };
    };
    try {
      return await Promise.race([print(), gone]);
    } finally {
      end();
      window.destroy();
    }
  };
