import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const root = join(import.meta.dirname, '..');

/**
 * The windows' code. Everything is a file of its own: no inline script or style and no data: address, so that the
 * content security policy needs no exception.
 */
export default defineConfig({
  root: join(root, 'renderer'),
  cacheDir: join(root, '.cache/vite'),
  plugins: [react()],
  build: {
    outDir: join(root, 'dist/renderer'),
    emptyOutDir: true,
    target: 'chrome138',
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    chunkSizeWarningLimit: 700,
    // The window, a sheet alone for whoever prints without one, and the wall: nothing that could change a run is among its files.
    rolldownOptions: {
      input: ['index.html', 'sheet.html', 'wall.html'].map((page) => join(root, 'renderer', page)),
    },
  },
});
