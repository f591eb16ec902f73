import { existsSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { app, dialog, powerMonitor } from 'electron';
import { WarRoomError } from '../shared/errors.ts';
import type { ShellOrder } from '../shared/shell/contract.ts';
import type { Caller } from './caller.ts';
import type { Engine } from './engine.ts';
import { stderrLog } from './log.ts';
import type { Log } from './log.ts';
import type { DeskPowers } from './powers.ts';
import { openDeskSettings } from './shell/desk-settings.ts';
import type { DeskSettings } from './shell/desk-settings.ts';
import { askBeforeLeaving } from './shell/leaving.ts';
import { setMenu } from './shell/menu.ts';
import { orderOfFile, orderOfLink, ordersOf } from './shell/opening.ts';
import { servePages } from './shell/pages.ts';
import type { Pages } from './shell/pages.ts';
import { openSecrets } from './shell/secrets.ts';
import { lockEverything, registerScheme } from './shell/security.ts';
import { showStatus } from './shell/status.ts';
import { lookForUpdates } from './shell/updates.ts';
import { createWalls } from './shell/walls.ts';
import { createWindows } from './shell/windows.ts';
import type { Attach, Seat } from './shell/windows.ts';
import { defaultDataDir } from './store/data-dir.ts';
import { refuseSynced } from './store/folder.ts';
import { isFull, sayFull } from './store/whole-file.ts';

/** The desktop app: the engine in the main process, and windows that hold one port to it each. */
const here = import.meta.dirname;
/** What was mended, for windows that come later. */
const told: string[] = [];
/** The log's file, as soon as there is a room that keeps it. */
let kept: Log = stderrLog;
const log: Log = {
  info: (message) => kept.info(message),
  error: (message, cause) => kept.error(message, cause),
  tell: (sentence) => {
    told.push(sentence);
    sayInWindows(sentence);
  },
};
let sayInWindows = (_sentence: string): void => {};

/** Electron and Chromium add switches of their own, so that an unknown one is no reason to refuse. */
const args = process.argv.slice(app.isPackaged ? 1 : 2);
const known = { data: { type: 'string' }, practice: { type: 'boolean' } } as const;
const { values } = parseArgs({ args, options: known, strict: false, allowPositionals: true });
const dataDir = typeof values.data === 'string' ? resolve(values.data) : defaultDataDir();

/** What the system wants opened. Before there is a room it waits unread: no file holds up the first window. */
type Orders = () => readonly ShellOrder[];
const early: Orders[] = [];
let open = (orders: Orders): void => void early.push(orders);

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
const openEngine = async (desk: DeskPowers, pages: Pages): Promise<Engine | null> => {
  // All that reads and writes the history is loaded now, when there is a window to look at meanwhile.
  const [{ createEngine }, lan, printer, file] = await Promise.all([
    import('./engine.ts'),
    import('./host/lan.ts'),
    import('./shell/printer.ts'),
    import('./print/file.ts'),
  ]);
  try {
    return await createEngine({
      ...{ dataDir, version: app.getVersion(), log: stderrLog, desk },
      runbooks: join(here, 'runbooks'),
      lan: lan.openLan(join(here, '../renderer')),
      printPdf: printer.windowPrinter(pages),
      drawFiles: file.fileDrawer(join(here, '../paper')),
      secrets: await openSecrets(dataDir, log),
      changelog: changelog(),
    });
  } catch (error) {
    if (!(error instanceof WarRoomError) || error.code !== 'corrupt') throw error;
    const { offerRecovery } = await import('./shell/recovery.ts');
    return (await offerRecovery(dataDir, error)) ? openEngine(desk, pages) : null;
  }
};

type Room = {
  readonly focus: () => void;
  readonly underWay: Engine['underWay'];
  readonly close: () => Promise<void>;
};

/** Opens the room and its first window; what it returns closes all of it, in reverse order. */
const openRoom = async (): Promise<Room | null> => {
  const settings = await openDeskSettings(dataDir, log);
  const pages = servePages(join(here, '../renderer'));
  const served = Promise.withResolvers<Attach>();
  const windows = createWindows({ settings, log, preload: join(here, 'preload.cjs'), attach: served.promise });
  sayInWindows = (sentence) => windows.tell({ kind: 'refused', sentence });
  windows.open();
  await Promise.all([pages.loaded, windows.drawn]);
  let walls: ReturnType<typeof createWalls> | null = null;
  const engine = await openEngine(
    powersOf(settings, () => walls),
    pages,
  );
  if (engine === null) return null;
  kept = engine.log;
  if (settings.get('newsSeen') === '') settings.remember('newsSeen', app.getVersion());
  const { servePort } = await import('./host/port.ts');
  const callerOf = seats();
  // A wall reaches one procedure that looks, and nothing else.
  served.resolve((port, seat) =>
    servePort(seat.kind === 'wall' ? { router: engine.watching, log: engine.log } : engine, port, callerOf(seat)),
  );
  // The menu has an entry for each display, and a tick where the wall is.
  const drawMenu = (): void => {
    if (walls !== null)
      setMenu({ openWindow: windows.open, give: windows.give, displays: walls.displays, wall: walls.choose });
  };
  walls = createWalls(windows, settings, drawMenu);
  drawMenu();
  walls.settle();
  open = (orders) => orders().forEach(windows.give);
  early.splice(0).forEach(open);
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

const closingMs = 20_000;
/** What was written is on disk at any moment: to be cut off costs nothing, and an app that never ends keeps the folder. */
const tooLong = async (): Promise<never> => {
  await sleep(closingMs);
  throw new Error(`It was not closed after ${closingMs / 1_000} s.`);
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
    closing = Promise.race([room.close(), tooLong()]);
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
const takeProfile = async (): Promise<void> => {
  refuseSynced(dataDir);
  const profile = join(dataDir, 'window');
  try {
    await mkdir(profile, { recursive: true, mode: 0o700 });
  } catch (cause) {
    if (isFull(cause)) throw cause;
    throw new WarRoomError('unavailable', `The data folder ${dataDir} can't be written to. Name another with --data.`, {
      cause,
    });
  }
  app.setPath('userData', profile);
};

/** Documents and links come as arguments, or from macOS as events that may be there before the app is ready. */
const hearOpenings = (): void => {
  open(() => ordersOf(args, process.cwd()));
  app.on('open-file', (event, path) => {
    event.preventDefault();
    open(() => [orderOfFile(path)]);
  });
  app.on('open-url', (event, url) => {
    event.preventDefault();
    open(() => [orderOfLink(url)]);
  });
  app.on('second-instance', (_event, argv, folder) => open(() => ordersOf(argv.slice(1), folder)));
  if (app.isPackaged) app.setAsDefaultProtocolClient('warroom');
};

const main = async (): Promise<void> => {
  app.setName('War Room');
  // Windows shows notifications only of an app that it knows by the name its installer gave.
  if (process.platform === 'win32') app.setAppUserModelId('dev.warroom.desktop');
  app.enableSandbox();
  registerScheme();
  lockEverything();
  hearOpenings();
  await takeProfile();
  if (!app.requestSingleInstanceLock()) return app.quit();
  app.on('child-process-gone', (_event, { type, reason }) =>
    log.error(`Chromium's ${type} process ended (${reason}).`),
  );
  await run();
};

main().catch((thrown: unknown) => {
  const cause = sayFull(thrown, dataDir);
  log.error('War Room could not start.', cause);
  dialog.showErrorBox(
    'War Room could not start',
    cause instanceof WarRoomError ? cause.message : `Internal error: ${String(cause)}`,
  );
  app.exit(1);
});
