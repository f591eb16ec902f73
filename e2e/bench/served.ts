import { freshDataDir, openBrowser, serveApp } from '../fixtures.ts';
import { startPractice } from '../room.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? NaN;

/**
 * From the start of the process on a data folder with an open run to the first tile with a number in a page: three cold
 * starts, the browser is up already. Beside it: to the printed address, and from the click on "Practice run" to a tile.
 */
export const servedBench = async (): Promise<readonly Figure[]> => {
  const data = await freshDataDir();
  const browser = await openBrowser();
  const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
  const firstTile = () =>
    page.locator('.tile .tile-value').filter({ hasText: /\d/u }).first().waitFor({ timeout: 60_000 });
  try {
    const first = await serveApp(data.path);
    await page.goto(first.url);
    const clicked = performance.now();
    await startPractice(page);
    await firstTile();
    const toTile = performance.now() - clicked;
    const room = new URL(page.url()).hash;
    await first.stop();

    const addresses: number[] = [];
    const tiles: number[] = [];
    for (let round = 0; round < 3; round++) {
      const started = performance.now();
      const app = await serveApp(data.path, '--port', new URL(first.origin).port);
      addresses.push(performance.now() - started);
      await page.goto(`${app.origin}/${room}`);
      await page.reload();
      await firstTile();
      tiles.push(performance.now() - started);
      await app.stop();
    }
    return [
      figure('served app: cold start to the printed address', median(addresses), 'ms', 3_000),
      figure('served app: cold start to the first live tile', median(tiles), 'ms', 3_000),
      figure('practice run: click to the first live tile', toTile, 'ms', null),
    ];
  } finally {
    await browser.close();
    await data.remove();
  }
};
