import { join } from 'node:path';
import { BrowserWindow, Menu, Tray, app, nativeImage, powerSaveBlocker } from 'electron';
import { formatCount } from '../../shared/format.ts';
import { progressOf } from '../../shared/projections/progress.ts';
import type { Engine } from '../engine.ts';
import { badgeSize, drawBadge } from './badge.ts';

const states = ['idle', 'calm', 'attention'] as const;
type State = (typeof states)[number];
export type DeskStatus = { readonly state: State; readonly words: string; readonly count: number };

/** How the desk stands, in one look: each state has its own shape on the tray, and its words beside it. */
export const statusOf = (rooms: Engine['rooms']): DeskStatus => {
  const open = rooms.all();
  if (open.length === 0) return { state: 'idle', words: 'War Room: no run is open', count: 0 };
  const failing = open.reduce((sum, room) => sum + progressOf(room.checklist(), null).failing, 0);
  const names = open.map((room) => {
    const { started } = room.head();
    return started === null ? '' : `${started.service} ${started.release} (${started.environment})`;
  });
  return {
    state: failing > 0 ? 'attention' : 'calm',
    words: `${names.join(', ')}: ${failing > 0 ? `${formatCount(failing, 'item')} failing` : 'nothing is failing'}`,
    count: failing,
  };
};

const lookEveryMs = 1_000;

/** macOS and most Linux docks take a number; Windows takes a picture over the button in its task bar, for each window. */
const showCount = ({ count, words }: DeskStatus): void => {
  if (process.platform !== 'win32') return void app.setBadgeCount(count);
  const size = { width: badgeSize, height: badgeSize, scaleFactor: 2 };
  const badge = count === 0 ? null : nativeImage.createFromBitmap(drawBadge(count), size);
  for (const window of BrowserWindow.getAllWindows()) window.setOverlayIcon(badge, count === 0 ? '' : words);
};

/**
 * The tray, the badge, and the display that stays awake while a run is open. Looked at each second, and drawn only when
 * it changed: a run that closes lets the machine sleep within that second.
 */
export const showStatus = (engine: Pick<Engine, 'rooms'>, folder: string, focus: () => void) => {
  const images = Object.fromEntries(
    states.map((state) => [state, nativeImage.createFromPath(join(folder, `${state}.png`))]),
  ) as Record<State, Electron.NativeImage>;
  const tray = new Tray(images.idle);
  tray.on('click', focus);
  let last = '';
  let blocker: number | null = null;

  const stayAwake = (wanted: boolean): void => {
    if (wanted && blocker === null) blocker = powerSaveBlocker.start('prevent-display-sleep');
    if (!wanted && blocker !== null) {
      powerSaveBlocker.stop(blocker);
      blocker = null;
    }
  };
  const look = (): void => {
    const status = statusOf(engine.rooms);
    stayAwake(status.state !== 'idle');
    // A window that came since has no badge yet.
    const shown = `${status.words} ${BrowserWindow.getAllWindows().length}`;
    if (last === shown) return;
    last = shown;
    tray.setImage(images[status.state]);
    tray.setToolTip(status.words);
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: status.words, enabled: false },
        { type: 'separator' },
        { label: 'Show War Room', click: focus },
        { role: 'quit' },
      ]),
    );
    showCount(status);
  };
  look();
  const timer = setInterval(look, lookEveryMs);
  return {
    close: () => {
      clearInterval(timer);
      stayAwake(false);
      tray.destroy();
    },
  };
};
