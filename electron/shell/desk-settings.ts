import { join } from 'node:path';
import { ipcMain } from 'electron';
import Store from 'electron-store';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { assertWhole, keepLastGood, loaded, parseSettings } from '../store/settings.ts';
import type { Settings } from '../store/settings.ts';
import { sayFull } from '../store/whole-file.ts';

const place = z.object({
  x: z.number(),
  y: z.number(),
  width: z.number(),
  height: z.number(),
  maximized: z.boolean(),
});
export type Place = z.output<typeof place>;

const schema = z.object({
  /** Where the window stood, by the displays that were there. */
  places: z.record(z.string(), place).default({}),
  /** The displays that show the wall, by what they are called. */
  walls: z.array(z.string()).default([]),
  newsSeen: z.string().default(''),
  /** Where updates come from; empty: nowhere, and none are looked for. */
  updates: z.string().default(''),
});
type Values = z.output<typeof schema>;
export type DeskSettings = Settings<Values>;

/** What the desktop remembers of itself, in `desktop.json` of the data folder, apart from runs and secrets. */
export const openDeskSettings = async (dataDir: string, log: Log): Promise<DeskSettings> => {
  const file = join(dataDir, 'desktop.json');
  let current = (await loaded(file, schema, log)) ?? schema.parse({});
  // Made with the first change: it reads the file again, and would hold up the first window.
  let store: Store<Values> | null = null;
  const openStore = (): Store<Values> => {
    // Its own answer to a file that it can't read is to end the app or to erase it; by here there is none such.
    const opened = new Store<Values>({
      cwd: dataDir,
      name: 'desktop',
      configFileMode: 0o600,
      deserialize: (text) => parseSettings(Buffer.from(text)) as Values,
    });
    // It would tell any page the folder and the version; no page of ours asks.
    ipcMain.removeAllListeners('electron-store-get-data');
    return opened;
  };
  // In the app at once, whatever the disk says: a wall is shown also where that can't be kept.
  const set: DeskSettings['set'] = (key, value) => {
    current = { ...current, [key]: value };
    try {
      keepLastGood(file);
      store ??= openStore();
      store.store = current;
    } catch (cause) {
      throw sayFull(cause, file);
    }
    assertWhole(file, schema);
  };
  return {
    get: (key) => current[key],
    set,
    remember: (key, value) => {
      try {
        set(key, value);
      } catch (cause) {
        log.error(`What the desktop remembers (${key}) could not be kept.`, cause);
      }
    },
  };
};
