import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

const source = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8');

/** What axe finds on the page as it stands, or below one element of it: one line a violation, with the first places. */
export const axeFindings = async (page: Page, within?: string): Promise<readonly string[]> => {
  // Through the debugger, so that the page's own policy against scripts stays in force.
  await page.evaluate(source);
  const { violations } = await page.evaluate<AxeResults>(
    `axe.run(${within === undefined ? 'document' : JSON.stringify(within)}, { resultTypes: ["violations"] })`,
  );
  return violations.map(({ id, help, nodes }) => {
    const places = nodes
      .slice(0, 3)
      .map(({ target, failureSummary }) => `${target.join(' ')} (${failureSummary ?? ''})`);
    return `${id}: ${help}. ${nodes.length} at ${places.join('; ')}`;
  });
};

/** The same in the dark theme and in the light one, in which it leaves the page. */
export const axeInBothThemes = async (page: Page): Promise<readonly string[]> => {
  const found: string[] = [];
  for (const theme of ['dark', 'light']) {
    await page.evaluate((value) => document.documentElement.setAttribute('data-theme', value), theme);
    found.push(...(await axeFindings(page)));
  }
  return found;
};
