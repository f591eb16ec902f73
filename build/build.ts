import { cpSync, existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'vite';
import { electronBuilds } from './vite.electron.ts';
import { sheetBuild } from './vite.sheet.ts';

const root = join(import.meta.dirname, '..');

/** When the newest of these files, or of all below these folders, was written (epoch ms); 0 where there is none. */
const newest = (paths: readonly string[]): number =>
  Math.max(
    0,
    ...paths.flatMap((path) => {
      const at = join(root, path);
      if (!existsSync(at)) return [];
      if (statSync(at).isFile()) return [statSync(at).mtimeMs];
      const files = readdirSync(at, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      return files.map((file) => statSync(join(file.parentPath, file.name)).mtimeMs);
    }),
  );

const isStale = (product: string, sources: readonly string[]): boolean => newest([product]) <= newest(sources);

const buildRenderer = async (): Promise<void> => {
  await build({ configFile: join(root, 'build/vite.renderer.ts'), logLevel: 'warn' });
  await build(sheetBuild);
};

const buildElectron = async (): Promise<void> => {
  for (const config of electronBuilds) await build(config);
  const documents = (path: string): boolean => statSync(path).isDirectory() || /\.(?:md|yaml)$/v.test(path);
  cpSync(join(root, 'shared/runbooks'), join(root, 'dist/electron/runbooks'), { recursive: true, filter: documents });
  cpSync(join(root, 'build/package/app-update.yml'), join(root, 'dist/electron/app-update.yml'));
  cpSync(join(root, 'build/package/tray'), join(root, 'dist/electron/tray'), { recursive: true });
};

/** Builds what is older than its sources. `desktop` is needed for Electron alone: the served app runs from source. */
export const buildStale = async ({ desktop }: { readonly desktop: boolean }): Promise<void> => {
  const common = ['shared', 'package.json'];
  const configs = ['build/vite.renderer.ts', 'build/vite.sheet.ts'];
  // The module of the sheets is written last.
  if (isStale('dist/paper/sheet-file.js', [...common, 'renderer', ...configs])) await buildRenderer();
  if (
    desktop &&
    isStale('dist/electron/preload.cjs', [...common, 'electron', 'build/vite.electron.ts', 'build/package'])
  )
    await buildElectron();
};

if (import.meta.main) await buildStale({ desktop: true });
