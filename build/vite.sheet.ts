import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import type { InlineConfig } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * Sheets for a machine that makes no PDF: the components of the window as one module for Node that draws them into a
 * file. Styles and fonts are within it, because what it draws may load nothing.
 */
export const sheetBuild: InlineConfig = {
  root,
  configFile: false,
  logLevel: 'warn',
  publicDir: false,
  plugins: [react()],
  define: { 'process.env.NODE_ENV': '"production"' },
  ssr: { noExternal: true },
  build: {
    ssr: true,
    target: 'node24',
    outDir: 'dist/paper',
    emptyOutDir: true,
    assetsInlineLimit: Number.MAX_SAFE_INTEGER,
    rolldownOptions: {
      input: { 'sheet-file': join(root, 'renderer/sheet-file.tsx') },
      output: { format: 'es', entryFileNames: '[name].js', codeSplitting: false },
    },
  },
};
