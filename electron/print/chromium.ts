import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { WarRoomError } from '../../shared/errors.ts';

const names = [
  'chromium',
  'chromium-browser',
  'google-chrome-stable',
  'google-chrome',
  'microsoft-edge',
  'brave-browser',
];

const places: Partial<Record<NodeJS.Platform, readonly string[]>> = {
  darwin: ['Google Chrome', 'Chromium', 'Microsoft Edge', 'Brave Browser'].map(
    (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
  ),
  win32: ['PROGRAMFILES', 'PROGRAMFILES(X86)', 'LOCALAPPDATA'].flatMap((variable) =>
    ['Google\\Chrome\\Application\\chrome.exe', 'Microsoft\\Edge\\Application\\msedge.exe'].map((path) =>
      join(process.env[variable] ?? '', path),
    ),
  ),
};

const runs = (path: string): boolean => {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
};

/** A Chromium of this machine: the one that CHROMIUM names, one on the path, or one where it is installed. Or null. */
export const findChromium = (): string | null => {
  const { CHROMIUM: named = '', PATH: path = '' } = process.env;
  if (named !== '') return runs(named) ? named : null;
  const onPath = path
    .split(delimiter)
    .flatMap((folder) => (folder === '' ? [] : names.map((name) => join(folder, name))));
  return [...onPath, ...(places[process.platform] ?? [])].find(runs) ?? null;
};

/** The same; throws unavailable with what to do about it. */
export const needChromium = (): string => {
  const found = findChromium();
  if (found !== null) return found;
  const named = process.env['CHROMIUM'] ?? '';
  throw new WarRoomError(
    'unavailable',
    named === ''
      ? 'A PDF needs Chromium, Chrome or Edge, and none is installed here. Install one, name it in CHROMIUM, or print from the Sheet of the app.'
      : `CHROMIUM names "${named}", which can't be run. Name the program itself, or leave CHROMIUM out.`,
  );
};
