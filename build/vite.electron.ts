import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { InlineConfig } from 'vite';

const root = join(import.meta.dirname, '..');
const source = (file: string): string => join(root, 'electron', file);
/** Files that the main process starts by path, as threads and children, so that they can't be bundled into it. */
const apart = {
  'practice-keeper': source('practice/keeper.ts'),
  ...Object.fromEntries(
    globSync('**/*-{worker,thread}.ts', { cwd: source('') }).map((file) => [basename(file, '.ts'), source(file)]),
  ),
};

const shared = {
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  // Everything is bundled but Electron itself and the one package with machine code.
  ssr: { noExternal: true, external: ['electron', 'better-sqlite3'] },
} satisfies InlineConfig;

/** The main process: ES modules in dist/electron, with the bundled checklists and targets beside them. */
const main: InlineConfig = {
  ...shared,
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/electron',
    emptyOutDir: true,
    minify: false,
    rolldownOptions: {
      input: { main: source('main.ts'), ...apart },
      // In the order of the imports: a polyfill in one chunk has to come before the package in another that needs it.
      output: {
        format: 'es',
        entryFileNames: '[name].js',
        chunkFileNames: '[name]-[hash].js',
        strictExecutionOrder: true,
      },
    },
  },
};

/** The preload: a sandboxed one is a single CommonJS file that may require `electron` and nothing else. */
const preload: InlineConfig = {
  ...shared,
  build: {
    ssr: true,
    target: 'chrome146',
    outDir: 'dist/electron',
    emptyOutDir: false,
    minify: false,
    rolldownOptions: {
      input: { preload: source('preload.ts') },
      output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
    },
  },
};

export const electronBuilds: readonly InlineConfig[] = [main, preload];
