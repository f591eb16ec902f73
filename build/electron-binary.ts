import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const home = join(root, 'node_modules/electron');
/** Remembers that a download failed, so that the next start on the same day does not wait for it again. */
const failedBefore = join(root, '.cache/electron-not-fetched');
const fetchLimitMs = 20_000;
/** Whoever packs waits for a slow line. */
const packLimitMs = 900_000;
const dayMs = 86_400_000;

const usual = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' } as Record<string, string>;

/** Electron's own variable for an executable that lies elsewhere counts here as well. */
const installed = (): string | null => {
  const elsewhere = process.env['ELECTRON_OVERRIDE_DIST_PATH'];
  const pathFile = join(home, 'path.txt');
  if (elsewhere === undefined && !existsSync(pathFile)) return null;
  const name = existsSync(pathFile) ? readFileSync(pathFile, 'utf8') : (usual[process.platform] ?? 'electron');
  const file = join(elsewhere ?? join(home, 'dist'), name);
  return existsSync(file) ? file : null;
};

const fetchWithin = (timeout: number): boolean =>
  spawnSync(process.execPath, [join(home, 'install.js')], { timeout, stdio: 'ignore' }).status === 0;

/**
 * Why nothing can be packed here, in one sentence; null where Electron's own files are at hand, or could be downloaded.
 * Where there is no way to them it is said at once.
 */
export const packingRefused = (): string | null => {
  const sentence = (why: string): string => `The app can't be packed: ${why}.\n`;
  if (!existsSync(home)) return sentence('Electron is not among the installed packages');
  if (installed() !== null) return null;
  if (process.env['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return sentence('Electron is not here, and downloading it is switched off (ELECTRON_SKIP_BINARY_DOWNLOAD)');
  return fetchWithin(packLimitMs) && installed() !== null
    ? null
    : sentence('Electron could not be downloaded (ELECTRON_MIRROR names another place to get it from)');
};

const fetched = (): boolean => {
  process.stdout.write('Fetching Electron for the desktop app, for 20 seconds at most …\n');
  const there = fetchWithin(fetchLimitMs);
  rmSync(failedBefore, { force: true });
  if (there) return true;
  mkdirSync(join(root, '.cache'), { recursive: true });
  writeFileSync(failedBefore, '');
  return false;
};

/** Electron's executable and, where it can't be used here, one sentence that says why. */
export const findElectron = (): { readonly path: string } | { readonly reason: string } => {
  const { env, platform } = process;
  if (!existsSync(home)) return { reason: 'Electron is not among the installed packages.' };
  if (platform === 'linux' && !env['DISPLAY'] && !env['WAYLAND_DISPLAY'])
    return { reason: 'There is no display here.' };
  if (platform === 'linux' && process.getuid?.() === 0)
    return { reason: 'Electron does not run as root in its sandbox.' };
  const there = installed();
  if (there !== null) return { path: there };
  if (env['ELECTRON_SKIP_BINARY_DOWNLOAD'])
    return { reason: 'Electron is not here, and downloading it is switched off.' };
  const tried = statSync(failedBefore, { throwIfNoEntry: false });
  if (tried !== undefined && Date.now() - tried.mtimeMs < dayMs)
    return { reason: 'Electron could not be downloaded earlier today ("npx install-electron" tries again).' };
  const path = fetched() ? installed() : null;
  return path === null ? { reason: 'Electron could not be downloaded within 20 seconds.' } : { path };
};
