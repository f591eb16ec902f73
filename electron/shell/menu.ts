import { Menu, app } from 'electron';
import type { MenuItemConstructorOptions } from 'electron';

/** The application's menu, by roles, so that each system shows its own words, order and keys. */
export const setMenu = (openWindow: () => void): void => {
  const mac = process.platform === 'darwin';
  const newWindow: MenuItemConstructorOptions = {
    label: 'New window',
    accelerator: 'CmdOrCtrl+Shift+N',
    click: openWindow,
  };
  const view: MenuItemConstructorOptions[] = [
    { role: 'reload' },
    { type: 'separator' },
    { role: 'resetZoom' },
    { role: 'zoomIn' },
    { role: 'zoomOut' },
    { type: 'separator' },
    { role: 'togglefullscreen' },
    // A release has no developer tools: whoever stands at the desk is not meant to run scripts in the room.
    ...(app.isPackaged ? [] : [{ role: 'toggleDevTools' } as const]),
  ];
  Menu.setApplicationMenu(
    Menu.buildFromTemplate([
      ...(mac ? [{ role: 'appMenu' } as const] : []),
      { role: 'fileMenu', submenu: [newWindow, { role: mac ? 'close' : 'quit' }] },
      { role: 'editMenu' },
      { role: 'viewMenu', submenu: view },
      { role: 'windowMenu' },
    ]),
  );
};
