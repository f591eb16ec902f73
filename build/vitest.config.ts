import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    // So that tests of the desktop can stand in for the module "electron" that it imports.
    server: { deps: { inline: ['electron-store'] } },
    root: join(import.meta.dirname, '..'),
    include: ['{shared,electron,renderer,build}/**/*.test.{ts,tsx}', 'e2e/**/*.spec.ts'],
    provide: { propertySeed: process.env['PROPERTY_SEED'] ?? '20261127' },
    // What is waited for comes at once on a machine of its own; how long a busy one takes is no matter of a test.
    expect: { poll: { timeout: 15_000 } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
    // Two cores, and many tests start real servers: more workers would only make them wait for each other.
    maxWorkers: 2,
    pool: 'forks',
  },
});
