import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { app, dialog, powerMonitor } from 'electron';
import { WarRoomError } from '../shared/errors.ts';
import type { ShellOrder } from '../shared/shell/contract.ts';
import type { Caller } from './caller.ts';
import { createEngine } from './engine.ts';
import type { Engine } from './engine.ts';
import { openLan } from './host/lan.ts';
import { servePort } from './host/port.ts';
import { stderrLog } from './log.ts';
import type { Log } from './log.ts';
import type { DeskPowers } from './powers.ts';
import { openDeskSettings } from './shell/desk-settings.ts';
import type { DeskSettings } from './shell/desk-settings.ts';
import { askBeforeLeaving } from './shell/leaving.ts';
import { setMenu } from './shell/menu.ts';
import { orderOfFile, orderOfLink, ordersOf } from './shell/opening.ts';
import { servePages } from './shell/pages.ts';
import { offerRecovery } from './shell/recovery.ts';
import { openSecrets } from './shell/secrets.ts';
import { lockEverything, registerScheme } from './shell/security.ts';
import { showStatus } from './shell/status.ts';
import { lookForUpdates } from './shell/updates.ts';
import { createWalls } from './shell/walls.ts';
import { createWindows } from './shell/windows.ts';
import type { Seat } from './shell/windows.ts';
import { defaultDataDir } from './store/data-dir.ts';

/** The desktop app: the engine in the main process, and windows that hold one port to it each. */
const here = import.meta.dirname;
/** What was mended before there was a room to say it in. */
const told: string[] = [];
const log: Log = { ...stderrLog, tell: (sentence) => void told.push(sentence) };

/** Electron and Chromium add switches of their own, so that an unknown one is no reason to refuse. */
const args = process.argv.slice(app.isPackaged ? 1 : 2);
const known = { data: { type: 'string' }, practice: { type: 'boolean' } } as const;
const { values } = parseArgs({ args, options: known, strict: false, allowPositionals: true });
const dataDir = typeof values.data === 'string' ? resolve(values.data) : defaultDataDir();

/** Orders that the system gave before there was a window. */
const early: ShellOrder[] = [];
let give = (order: ShellOrder): void => void early.push(order);

/** One person sits at the desk, whichever window they use; a wall is nobody and only looks. */
const seats = (): ((seat: Seat) => Caller) => {
  let operator: ReturnType<Caller['operator']> = { name: userInfo().username, role: null };
  const person: Caller = {
    id: crypto.randomUUID(),
    grant: 'operate',
    via: 'desk',
    operator: () => operator,
    identify: (name, role) => (operator = { name, role }),
  };
  return (seat) =>
    seat.kind === 'room'
      ? { ...person, window: seat.powers }
      : {
          id: crypto.randomUUID(),
          grant: 'watch',
          via: 'desk',
          operator: () => ({ name: 'Wall', role: null }),
          identify: () => {},
        };
};

const changelog = (): string => {
  const file = join(here, '../../CHANGELOG.md');
  return existsSync(file) ? readFileSync(file, 'utf8') : '';
};

/** The walls come after the engine, which has to be there for their windows; until then there are none. */
const powersOf = (settings: DeskSettings, walls: () => ReturnType<typeof createWalls> | null): DeskPowers => ({
  displays: () => walls()?.displays() ?? [],
  wall: (display, shown) => walls()?.choose(display, shown),
  newsSeen: () => settings.get('newsSeen'),
  seeNews: (version) => settings.set('newsSeen', version),
  told: () => told,
});

/** The engine, or what a person chose in its place where the history is damaged; null where they chose to quit. */
const openEngine = async (desk: DeskPowers): Promise<Engine | null> => {
  try {
    return await createEngine({
      ...{ dataDir, version: app.getVersion(), log, desk },
      runbooks: join(here, 'runbooks'),
      lan: openLan(join(here, '../renderer')),
      secrets: await openSecrets(dataDir, log),
      changelog: changelog(),
    });
  } catch (error) {
    if (!(error instanceof WarRoomError) || error.code !== 'corrupt') throw error;
    return (await offerRecovery(dataDir, error)) ? openEngine(desk) : null;
  }
};

type Room = {
  readonly focus: () => void;
  readonly underWay: Engine['underWay'];
  readonly close: () => Promise<void>;
};

/** Opens the room and its first window; what it returns closes all of it, in reverse order. */
const openRoom = async (): Promise<Room | null> => {
  const settings = openDeskSettings(dataDir, log);
  let walls: ReturnType<typeof createWalls> | null = null;
  const engine = await openEngine(powersOf(settings, () => walls));
  if (engine === null) return null;
  if (settings.get('newsSeen') === '') settings.remember('newsSeen', app.getVersion());
  servePages(join(here, '../renderer'));
  const callerOf = seats();
  const windows = createWindows({
    ...{ settings, log: engine.log },
    preload: join(here, 'preload.cjs'),
    // A wall reaches one procedure that looks, and nothing else.
    attach: (port, seat) =>
      servePort(seat.kind === 'wall' ? { router: engine.watching, log: engine.log } : engine, port, callerOf(seat)),
  });
  // The menu has an entry for each display, and a tick where the wall is.
  const drawMenu = (): void => {
    if (walls !== null)
      setMenu({ openWindow: windows.open, give: windows.give, displays: walls.displays, wall: walls.choose });
  };
  walls = createWalls(windows, settings, drawMenu);
  drawMenu();
  windows.open();
  walls.settle();
  give = windows.give;
  for (const order of early.splice(0)) give(order);
  const status = showStatus(engine, join(here, 'tray'), windows.focus);
  const idle = (): boolean => engine.rooms.all().length === 0;
  const stopUpdates = await lookForUpdates(settings.get('updates'), { log: engine.log, tell: windows.tell, idle });
  powerMonitor.on('resume', engine.woke);
  if (values.practice === true) await engine.rooms.practice({ kind: 'app' });
  return {
    focus: windows.focus,
    underWay: engine.underWay,
    close: async () => {
      powerMonitor.removeListener('resume', engine.woke);
      stopUpdates();
      status.close();
      walls.close();
      windows.close();
      await engine.close();
    },
  };
};

const run = async (): Promise<void> => {
  await app.whenReady();
  const room = await openRoom();
  if (room === null) return app.quit();
  app.on('activate', room.focus);
  askBeforeLeaving(room.underWay, room.focus);
  app.on('window-all-closed', () => app.quit());
  let closing: Promise<void> | null = null;
  app.on('will-quit', (event) => {
    event.preventDefault();
    // Whoever quits twice out of impatience still gets a room that closed in order.
    if (closing !== null) return;
    closing = room.close();
    closing.then(
      () => app.exit(0),
      (cause: unknown) => {
        log.error('War Room could not close in order.', cause);
        app.exit(1);
      },
    );
  });
  app.on('second-instance', room.focus);
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

/** Documents and links come as arguments, or from macOS as events that may be there before the app is ready. */
const hearOpenings = (): void => {
  early.push(...ordersOf(args, process.cwd()));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    give(orderOfFile(path));
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    give(orderOfLink(url));
  });
  app.on('second-instance', (_event, argv, folder) => {
    for (const order of ordersOf(argv.slice(1), folder)) give(order);
  });
  if (app.isPackaged) app.setAsDefaultProtocolClient('warroom');
};

const main = async (): Promise<void> => {
  app.setName('War Room');
  // Windows shows notifications only of an app that it knows by the name its installer gave.
  if (process.platform === 'win32') app.setAppUserModelId('dev.warroom.desktop');
  app.enableSandbox();
  registerScheme();
  lockEverything();
  takeProfile();
  if (!app.requestSingleInstanceLock()) return app.quit();
  hearOpenings();
  app.on('child-process-gone', (_event, { type, reason }) =>
    log.error(`Chromium's ${type} process ended (${reason}).`),
  );
  await run();
};

main().catch((cause: unknown) => {
  log.error('War Room could not start.', cause);
  dialog.showErrorBox(
    'War Room could not start',
    cause instanceof WarRoomError ? cause.message : `Internal error: ${String(cause)}`,
  );
  app.exit(1);
});
