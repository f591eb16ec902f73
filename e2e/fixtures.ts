import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { chromiumArgs, findChromium } from './chromium.ts';

export const root = join(import.meta.dirname, '..');

export type ServedApp = {
  /** Where it listens, without the pairing code. */
  readonly origin: string;
  /** The printed address, with a pairing code that works once. */
  readonly url: string;
  /** The same for a browser that may only watch; with `--watch`. */
  readonly watchUrl?: string;
  readonly dataDir: string;
  /** The main process' id. */
  readonly pid: number;
  /** Everything the process wrote to its error stream so far. */
  readonly said: () => string;
  /** SIGKILL: nothing is closed. */
  readonly kill: () => Promise<void>;
  /** SIGTERM: closes in order; the exit code. */
  readonly stop: () => Promise<number | null>;
};

/** Starts `war-room serve` as a child, as a person would, and waits for the address it prints (55 s at most). */
export const serveApp = (dataDir: string, ...options: readonly string[]): Promise<ServedApp> =>
  serveFrom(root, dataDir, ...options);

/** The same from another place where War Room lies. */
export const serveFrom = async (place: string, dataDir: string, ...options: readonly string[]): Promise<ServedApp> => {
  if (!existsSync(join(place, 'dist/renderer/index.html')))
    throw new Error('Nothing is built yet: run "node build/build.ts".');
  const args = [join(place, 'electron/cli.ts'), 'serve', '--json', '--no-open', '--data', dataDir, ...options];
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  const exited = once(child, 'exit');
  const failed = exited.then(() => Promise.reject(new Error(`War Room ended before it printed its address: ${said}`)));
  const late = AbortSignal.timeout(55_000);
  const [line] = await Promise.race([once(createInterface({ input: child.stdout }), 'line', { signal: late }), failed]);
  failed.catch(() => {});
  const printed: Pick<ServedApp, 'url' | 'watchUrl' | 'dataDir'> = JSON.parse(line);
  const end = async (signal: 'SIGKILL' | 'SIGTERM'): Promise<number | null> => {
    child.kill(signal);
    const [code] = await exited;
    return code;
  };
  return {
    ...printed,
    origin: new URL(printed.url).origin,
    pid: child.pid!,
    said: () => said,
    kill: async () => void (await end('SIGKILL')),
    stop: () => end('SIGTERM'),
  };
};

/** A new data folder, and what removes it. */
export const freshDataDir = async (): Promise<{ readonly path: string; readonly remove: () => Promise<void> }> => {
  const path = await mkdtemp(join(tmpdir(), 'war-room-e2e-'));
  return { path, remove: () => rm(path, { recursive: true, force: true, maxRetries: 5 }) };
};

/** A Chromium with a profile of its own. */
export const openBrowser = (more: readonly string[] = []): Promise<Browser> => {
  const executablePath = findChromium();
  if (executablePath === null) throw new Error('There is no Chromium to test with: set CHROMIUM, or install one.');
  return chromium.launch({ executablePath, args: [...chromiumArgs, ...more] });
};

export type Served = {
  readonly app: ServedApp;
  readonly page: Page;
  /** Closes all of it and removes the folder. */
  readonly close: () => Promise<void>;
};

/**
 * The served app on a folder of its own, with a paired page of it; what the page throws is added to `errors`. `before`
 * gets the page while it is still empty.
 */
export const openServed = async (
  viewport: { readonly width: number; readonly height: number },
  errors: string[],
  before: (page: Page) => unknown = () => undefined,
): Promise<Served> => {
  const data = await freshDataDir();
  const [app, browser] = await Promise.all([serveApp(data.path), openBrowser()]);
  const page = await browser.newPage({ viewport });
  page.on('pageerror', (error) => errors.push(error.message));
  await before(page);
  await page.goto(app.url);
  return {
    app,
    page,
    close: async () => {
      await browser.close();
      await app.stop();
      await data.remove();
    },
  };
};
