import { join } from 'node:path';
import { Menu, Tray, app, nativeImage, powerSaveBlocker } from 'electron';
import { formatCount } from '../../shared/format.ts';
import { progressOf } from '../../shared/projections/progress.ts';
import type { Engine } from '../engine.ts';

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
    if (last === status.words) return;
    last = status.words;
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
    // Windows has no badge with a number; the same shape lies over the button in its task bar instead.
    app.setBadgeCount(status.count);
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
