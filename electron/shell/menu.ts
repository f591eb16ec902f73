import { Menu, app, dialog } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
import { WarRoomError } from '../../shared/errors.ts';
import type { Display, ShellOrder } from '../../shared/shell/contract.ts';
import { orderOfFile } from './opening.ts';

export type MenuActs = {
  readonly openWindow: () => void;
  readonly give: (order: ShellOrder) => void;
  readonly displays: () => readonly Display[];
  readonly wall: (display: number, shown: boolean) => void;
};

const openFile = async (give: MenuActs['give']): Promise<void> => {
  const { canceled, filePaths } = await dialog.showOpenDialog({
    properties: ['openFile'],
    filters: [{ name: 'Checklists, targets and bundles', extensions: ['md', 'markdown', 'yaml', 'yml', 'war-room'] }],
  });
  const [path] = filePaths;
  if (!canceled && path !== undefined) give(orderOfFile(path));
};

const file = (acts: MenuActs, mac: boolean): MenuItemConstructorOptions => ({
  role: 'fileMenu',
  submenu: [
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: acts.openWindow },
    { label: 'Open checklist, target or bundle…', accelerator: 'CmdOrCtrl+O', click: () => void openFile(acts.give) },
    { type: 'separator' },
    { label: 'Sheets…', accelerator: 'CmdOrCtrl+P', click: () => acts.give({ kind: 'show', what: 'sheet' }) },
    { type: 'separator' },
    { role: mac ? 'close' : 'quit' },
  ],
});

const view = (): MenuItemConstructorOptions => ({
  role: 'viewMenu',
  submenu: [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    // A release has no developer tools: whoever stands at the desk is not meant to run scripts in the room.
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ],
});

const walls = ({ displays, wall, give }: MenuActs): MenuItemConstructorOptions => ({
  label: 'Wall',
  submenu: displays().map(({ id, label, primary, wall: shown }) => ({
    label: `On ${label}${primary ? ' (this desk)' : ''}`,
    type: 'checkbox',
    checked: shown,
    click: () => {
      try {
        wall(id, !shown);
      } catch (cause) {
        if (!(cause instanceof WarRoomError)) throw cause;
        give({ kind: 'refused', sentence: cause.message });
      }
    },
  })),
});

const help = ({ give }: MenuActs, mac: boolean): MenuItemConstructorOptions => ({
  role: 'help',
  submenu: [
    ...(mac ? [] : [{ label: 'About War Room', click: () => give({ kind: 'show', what: 'about' }) } as const]),
    { label: 'What is new', click: () => give({ kind: 'show', what: 'news' }) },
    { label: 'Copy diagnostics…', click: () => give({ kind: 'show', what: 'about' }) },
  ],
});

/** The application's menu, by roles, so that each system shows its own words, order and keys. */
export const setMenu = (acts: MenuActs): void => {
  const mac = process.platform === 'darwin';
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' } as const] : []),
      file(acts, mac),
      { role: 'editMenu' },
      view(),
      walls(acts),
      { role: 'windowMenu' },
      help(acts, mac),
    ]),
  );
};
