import { app } from 'electron';
import type { Log } from '../log.ts';

const everyMs = 6 * 3_600_000;

/**
 * Looks for updates where whoever ships the app said that they are (`updates` in desktop.json, https only), and nowhere
 * by default. One that was downloaded is put in at the next quit, never during a run.
 */
export const lookForUpdates = async (feed: string, log: Log): Promise<() => void> => {
  if (feed === '' || !app.isPackaged) return () => {};
  if (!URL.canParse(feed) || new URL(feed).protocol !== 'https:') {
    log.error(`Updates are not looked for: "${feed}" is no https address.`);
    return () => {};
  }
  const { default: updater } = await import('electron-updater');
  const { autoUpdater } = updater;
  autoUpdater.setFeedURL({ provider: 'generic', url: feed });
  autoUpdater.autoInstallOnAppQuit = true;
  autoUpdater.on('error', (cause) => log.error('Updates could not be looked for.', cause));
  autoUpdater.on('update-downloaded', ({ version }) => log.info(`Version ${version} is put in at the next quit.`));
  const look = (): void => void autoUpdater.checkForUpdates().catch(() => {});
  look();
  const timer = setInterval(look, everyMs);
  return () => clearInterval(timer);
};
