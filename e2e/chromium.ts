import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';

/** Fresh, silent and offline but for what a test opens. */
export const chromiumArgs = [
  '--headless',
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
] as const;

/** The Chromium to test with: CHROMIUM, the system's, or one that playwright installed. Null where there is none. */
export const findChromium = (): string | null => {
  const places = [
    process.env['CHROMIUM'],
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
    chromium.executablePath(),
  ];
  return places.find((path) => path !== undefined && path !== '' && existsSync(path)) ?? null;
};
