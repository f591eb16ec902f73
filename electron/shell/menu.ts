import { Menu, app, dialog } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';
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
    filters: [{ name: 'Checklists and targets', extensions: ['md', 'markdown', 'yaml', 'yml'] }],
  });
  const [path] = filePaths;
  if (!canceled && path !== undefined) give(orderOfFile(path));
};

const file = (acts: MenuActs, mac: boolean): MenuItemConstructorOptions => ({
  role: 'fileMenu',
  submenu: [
    { label: 'New window', accelerator: 'CmdOrCtrl+Shift+N', click: acts.openWindow },
    { label: 'Open checklist or target…', accelerator: 'CmdOrCtrl+O', click: () => void openFile(acts.give) },
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

const walls = ({ displays, wall }: MenuActs): MenuItemConstructorOptions => ({
  label: 'Wall',
  submenu: displays().map(({ id, label, primary, wall: shown }) => ({
    label: `On ${label}${primary ? ' (this desk)' : ''}`,
    type: 'checkbox',
    checked: shown,
    click: () => wall(id, !shown),
  })),
});

const help = ({ give }: MenuActs): MenuItemConstructorOptions => ({
  role: 'help',
  submenu: [
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
      help(acts),
    ]),
  );
};
