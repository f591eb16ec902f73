import { registerHooks } from 'node:module';

/** Loaded by `--import` before the built main process: its `electron` becomes the stand-in. */
const standIn = new URL('electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
