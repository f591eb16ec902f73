import { screen } from 'electron';
import type { BrowserWindow, Display as ElectronDisplay } from 'electron';
import type { Display } from '../../shared/shell/contract.ts';
import type { DeskSettings } from './desk-settings.ts';
import type { Windows } from './windows.ts';

/** Ids change when a cable is plugged again; what the display calls itself, and its size, do not. */
const nameOf = ({ label, size: { width, height } }: ElectronDisplay): string =>
  `${label === '' ? 'Display' : label} ${width} × ${height}`;

/** The wall on the displays that people chose. A display that goes takes its wall along, and brings it back when it returns. */
export const createWalls = (windows: Windows, settings: DeskSettings, changed: () => void) => {
  const shown = new Map<number, BrowserWindow>();

  const settle = (): void => {
    const displays = screen.getAllDisplays();
    const wanted = new Set(settings.get('walls'));
    for (const [id, window] of shown)
      if (!displays.some((display) => display.id === id && wanted.has(nameOf(display)))) {
        shown.delete(id);
        window.destroy();
      }
    for (const display of displays) {
      if (shown.has(display.id) || !wanted.has(nameOf(display))) continue;
      const window = windows.openWall(display.bounds, nameOf(display));
      shown.set(display.id, window);
      window.once('closed', () => {
        if (shown.get(display.id) === window) shown.delete(display.id);
        changed();
      });
    }
    changed();
  };
  const choose = (id: number, show: boolean): void => {
    const display = screen.getAllDisplays().find((each) => each.id === id);
    if (display === undefined) return;
    const others = settings.get('walls').filter((name) => name !== nameOf(display));
    try {
      settings.set('walls', show ? [...others, nameOf(display)] : others);
    } finally {
      settle();
    }
  };
  screen.on('display-added', settle);
  screen.on('display-removed', settle);
  return {
    choose,
    /** Shows again what was shown when the app was last closed. */
    settle,
    displays: (): readonly Display[] => {
      const primary = screen.getPrimaryDisplay().id;
      return screen.getAllDisplays().map((display) => ({
        id: display.id,
        label: nameOf(display),
        width: display.size.width,
        height: display.size.height,
        primary: display.id === primary,
        wall: shown.has(display.id),
      }));
    },
    close: () => {
      screen.removeListener('display-added', settle);
      screen.removeListener('display-removed', settle);
    },
  };
};
