import { mkdirSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog } from 'electron';
import { WarRoomError } from '../shared/errors.ts';
import type { Caller } from './caller.ts';
import { createEngine } from './engine.ts';
import { servePort } from './host/port.ts';
import { stderrLog } from './log.ts';
import { setMenu } from './shell/menu.ts';
import { servePages } from './shell/pages.ts';
import { lockEverything, registerScheme } from './shell/security.ts';
import { createWindows } from './shell/windows.ts';
import { defaultDataDir } from './store/data-dir.ts';

/** The desktop app: the engine in the main process, and windows that hold one port to it each. */
const here = import.meta.dirname;
const log = stderrLog;

/** Electron and Chromium add switches of their own, so that an unknown one is no reason to refuse. */
const args = process.argv.slice(app.isPackaged ? 1 : 2);
const known = { data: { type: 'string' }, practice: { type: 'boolean' } } as const;
const { values } = parseArgs({ args, options: known, strict: false, allowPositionals: true });
const dataDir = typeof values.data === 'string' ? resolve(values.data) : defaultDataDir();

const person = (): Caller => {
  let operator: ReturnType<Caller['operator']> = { name: userInfo().username, role: null };
  return {
    id: crypto.randomUUID(),
    grant: 'operate',
    via: 'desk',
    operator: () => operator,
    identify: (name, role) => (operator = { name, role }),
  };
};

/** Opens the room and its first window; what it returns closes both, in reverse order. */
const openRoom = async (): Promise<{ readonly focus: () => void; readonly close: () => Promise<void> }> => {
  const engine = await createEngine({ dataDir, version: app.getVersion(), runbooks: join(here, 'runbooks'), log });
  servePages(join(here, '../renderer'));
  const operator = person();
  const windows = createWindows({
    preload: join(here, 'preload.cjs'),
    log,
    attach: (port) => servePort(engine, port, operator),
  });
  setMenu(windows.open);
  windows.open();
  if (values.practice === true) await engine.rooms.practice({ kind: 'app' });
  return {
    focus: windows.focus,
    close: async () => {
      windows.close();
      await engine.close();
    },
  };
};

const run = async (): Promise<void> => {
  await app.whenReady();
  const room = await openRoom();
  app.on('second-instance', room.focus);
  app.on('activate', room.focus);
  app.on('window-all-closed', () => app.quit());
  app.once('will-quit', (event) => {
    event.preventDefault();
    room.close().then(
      () => app.exit(0),
      (cause: unknown) => {
        log.error('War Room could not close in order.', cause);
        app.exit(1);
      },
    );
  });
};

/** The profile of the windows lies with the data, so that two rooms on two data folders are two instances. */
const takeProfile = (): void => {
  const profile = join(dataDir, 'window');
  try {
    mkdirSync(profile, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new WarRoomError('unavailable', `The data folder ${dataDir} can't be written to. Name another with --data.`, {
      cause,
    });
  }
  app.setPath('userData', profile);
};

const main = async (): Promise<void> => {
  app.setName('War Room');
  app.enableSandbox();
  registerScheme();
  lockEverything();
  takeProfile();
  if (app.requestSingleInstanceLock()) await run();
  else app.quit();
};

main().catch((cause: unknown) => {
  log.error('War Room could not start.', cause);
  dialog.showErrorBox(
    'War Room could not start',
    cause instanceof WarRoomError ? cause.message : `Internal error: ${String(cause)}`,
  );
  app.exit(1);
});
