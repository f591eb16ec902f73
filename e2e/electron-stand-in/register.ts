import { registerHooks } from 'node:module';
// Before anything of the app takes hold of the calls that it watches.
import './disk.ts';

/** Loaded by `--import` before the built main process: its `electron` becomes the stand-in. */
const standIn = new URL('electron.ts', import.meta.url).href;

registerHooks({
  resolve: (specifier, context, next) =>
    specifier === 'electron' ? { url: standIn, shortCircuit: true } : next(specifier, context),
});
