import { join } from 'node:path';
import { ipcMain } from 'electron';
import Store from 'electron-store';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { keepLastGood, recovered } from '../store/settings.ts';
import type { Settings } from '../store/settings.ts';

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
export type DeskSettings = Settings<z.output<typeof schema>>;

/** What the desktop remembers of itself, in `desktop.json` of the data folder, apart from runs and secrets. */
export const openDeskSettings = (dataDir: string, log: Log): DeskSettings => {
  const file = join(dataDir, 'desktop.json');
  const values = recovered(file, schema, log) ?? schema.parse({});
  // Its own answer to a file that it can't read is to end the app or to erase it; by here there is none such.
  const store = new Store<z.output<typeof schema>>({ cwd: dataDir, name: 'desktop', configFileMode: 0o600 });
  // It would tell any page the folder and the version; no page of ours asks.
  ipcMain.removeAllListeners('electron-store-get-data');
  store.store = { ...values };
  return {
    get: (key) => store.store[key],
    set: (key, value) => {
      keepLastGood(file);
      store.store = { ...store.store, [key]: value };
    },
  };
};
