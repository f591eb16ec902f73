import type { Page } from 'playwright-core';

const sizes = [
  [1280, 800],
  [1920, 1080],
] as const;

/** Pictures of what is on the page in both sizes and themes, for people who look: SHOTS names the folder for them. */
export const shots = async (page: Page, name: string): Promise<void> => {
  const folder = process.env['SHOTS'];
  if (folder === undefined) return;
  for (const [width, height] of sizes)
    for (const theme of ['light', 'dark'] as const) {
      await page.setViewportSize({ width, height });
      await page.evaluate((wanted) => (document.documentElement.dataset['theme'] = wanted), theme);
      await page.screenshot({ path: `${folder}/${name}-${width}-${theme}.png` });
    }
  await page.setViewportSize({ width: 1280, height: 800 });
};
