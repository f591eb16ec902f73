import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { _electron, chromium } from 'playwright-core';
import type { Page } from 'playwright-core';
import { root } from './fixtures.ts';

/** `env` says what the system is like: how it answers dialogs, and what its keychain does. */
type Launch = { readonly args?: readonly string[]; readonly env?: Readonly<Record<string, string>> };

type Noted = { readonly what: string; readonly detail: unknown };

export type DesktopApp = {
  readonly real: boolean;
  readonly page: Page;
  /** The main process' id. */
  readonly pid: number;
  /** What the app has asked of the system so far: "message-box", "open-external", "window" (its web preferences). */
  readonly noted: (what: string) => Promise<readonly unknown[]>;
  /** What the system does to the app: an event of `app`, `powerMonitor`, `screen`, or of every window's contents. */
  readonly happens: (
    on: 'app' | 'powerMonitor' | 'screen' | 'window' | 'frame' | 'place',
    event: string,
    ...args: readonly unknown[]
  ) => Promise<void>;
  readonly said: () => string;
  /** Quits as a person does; the exit code. */
  readonly quit: () => Promise<number | null>;
};

const main = join(root, 'dist/electron/main.js');

/** Electron's executable where it was installed. Its sandbox refuses root, as whom many containers run. */
const electronPath = (): string | null => {
  const home = join(root, 'node_modules/electron');
  const named = join(home, 'path.txt');
  const path = existsSync(named) ? join(home, 'dist', readFileSync(named, 'utf8')) : null;
  const usable = path !== null && existsSync(path) && process.getuid?.() !== 0;
  if (!usable && process.env['WAR_ROOM_REAL_ELECTRON'] === 'required')
    throw new Error('Electron itself was required, and is not here.');
  return usable ? path : null;
};

/** What a real system would show to a person is noted instead; see the file that is loaded before the app. */
const before = join(root, 'e2e/real-electron.cjs');

/** What only the stand-in can show: displays that come and go, and a packed app's updates. */
export const onStandInAlone: boolean = electronPath() === null;

const onElectron = async (executablePath: string, dataDir: string, launch: Launch): Promise<DesktopApp> => {
  const app = await _electron.launch({
    executablePath,
    args: ['-r', before, root, '--data', dataDir, ...(launch.args ?? [])],
    env: { ...definedIn(process.env), ...launch.env },
    cwd: root,
  });
  let said = '';
  app.process().stderr?.on('data', (text) => (said += text));
  const page = await app.firstWindow();
  return {
    real: true,
    page,
    pid: app.process().pid!,
    noted: (what) =>
      app.evaluate(
        (_electron, wanted) =>
          (globalThis as unknown as { noted: Noted[] }).noted
            .filter((entry) => entry.what === wanted)
            .map(({ detail }) => detail),
        what,
      ),
    happens: (on, event, ...args) =>
      app.evaluate(
        (electron, told) => {
          const fired = { preventDefault: () => {} };
          if (told.on === 'window')
            for (const { webContents } of electron.BrowserWindow.getAllWindows())
              webContents.emit(told.event, fired, ...told.args);
          else if (told.on !== 'frame' && told.on !== 'place') electron[told.on].emit(told.event, fired, ...told.args);
        },
        { on, event, args },
      ),
    said: () => said,
    quit: async () => {
      const exited = once(app.process(), 'exit');
      await app.close();
      return (await exited)[0];
    },
  };
};

const definedIn = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address !== null ? address.port : 0;
};

const onStandIn = async (dataDir: string, { args = [], env = {} }: Launch): Promise<DesktopApp> => {
  const port = await freePort();
  const register = new URL('electron-stand-in/register.ts', import.meta.url).href;
  const child = spawn(process.execPath, ['--import', register, main, '--data', dataDir, ...args], {
    env: { ...process.env, STAND_IN_DEBUG_PORT: String(port), ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  const noted: Noted[] = [];
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const shown = Promise.withResolvers<void>();
  createInterface({ input: child.stdout }).on('line', (line) => {
    const entry: Noted = JSON.parse(line);
    noted.push(entry);
    if (entry.what === 'shown') shown.resolve();
  });
  const exited = once(child, 'exit');
  await Promise.race([
    shown.promise,
    exited.then(() => Promise.reject(new Error(`The app ended before its window was there: ${said}`))),
  ]);
  const browser = await chromium.connectOverCDP(`http://127.0.0.1:${port}`);
  const page = browser
    .contexts()[0]
    ?.pages()
    .find((each) => each.url() !== 'about:blank');
  if (page === undefined) throw new Error(`There is no window. ${said}`);
  return {
    real: false,
    page,
    pid: child.pid!,
    noted: async (what) => noted.filter((entry) => entry.what === what).map(({ detail }) => detail),
    happens: async (on, event, ...details) =>
      void child.stdin.write(`${JSON.stringify({ on, event, args: details })}\n`),
    said: () => said,
    quit: async () => {
      child.kill('SIGTERM');
      return (await exited)[0];
    },
  };
};

/** Opens the built desktop app: on Electron where its binary is there, otherwise on the stand-in. */
export const openDesktop = (dataDir: string, launch: Launch = {}): Promise<DesktopApp> => {
  if (!existsSync(main)) throw new Error('Nothing is built yet: run "node build/build.ts".');
  const path = electronPath();
  return path === null ? onStandIn(dataDir, launch) : onElectron(path, dataDir, launch);
};
