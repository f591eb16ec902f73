import { join } from 'node:path';
import { app } from 'electron';
import type { AppUpdater } from 'electron-updater';
import type { ShellOrder } from '../../shared/shell/contract.ts';
import type { Log } from '../log.ts';

const everyMs = 6 * 3_600_000;

type Around = {
  readonly log: Log;
  /** Says it in the windows, without bringing them to the front. */
  readonly tell: (order: ShellOrder) => void;
  /** Whether no run is open. */
  readonly idle: () => boolean;
};

const refusalOf = (cause: Error): string | null =>
  'code' in cause && cause.code === 'ERR_CHECKSUM_MISMATCH'
    ? 'An update was fetched whose checksum is not the one that its feed names: it was thrown away, and nothing was changed. Tell whoever ships War Room to you.'
    : null;

/**
 * Asks a feed now and every six hours. What it offers is fetched, held to the feed's checksum, and put in when the app
 * is quit while no run is open. What it returns stops asking, and is to be called as the app quits.
 */
export const followFeed = (updater: AppUpdater, feed: string, { log, tell, idle }: Around): (() => void) => {
  // It would write to the console what our log says already.
  updater.logger = null;
  // Only the builder's own feeds bring this file along; it names the folder for what was fetched.
  updater.updateConfigPath = join(import.meta.dirname, 'app-update.yml');
  updater.setFeedURL({ provider: 'generic', url: feed });
  updater.autoDownload = true;
  updater.autoInstallOnAppQuit = true;
  updater.on('error', (cause) => {
    const sentence = refusalOf(cause);
    log.error(sentence ?? 'Updates could not be looked for.', cause);
    if (sentence !== null) tell({ kind: 'refused', sentence });
  });
  updater.on('update-downloaded', ({ version }) => {
    const sentence = `War Room ${version} was fetched and holds. It is put in when you quit while no run is open.`;
    log.info(sentence);
    tell({ kind: 'said', sentence });
  });
  const look = async (): Promise<void> => {
    try {
      await (
        await updater.checkForUpdates()
      )?.downloadPromise;
    } catch {
      // Said by its own event.
    }
  };
  void look();
  const timer = setInterval(() => void look(), everyMs);
  return () => {
    clearInterval(timer);
    updater.autoInstallOnAppQuit = idle();
  };
};

/**
 * Looks for updates where whoever ships the app said that they are (`updates` in desktop.json, https only), and nowhere
 * by default.
 */
export const lookForUpdates = async (feed: string, around: Around): Promise<() => void> => {
  if (feed === '' || !app.isPackaged) return () => {};
  if (!URL.canParse(feed) || new URL(feed).protocol !== 'https:') {
    around.log.error(`Updates are not looked for: "${feed}" is no https address.`);
    return () => {};
  }
  const { default: updater } = await import('electron-updater');
  return followFeed(updater.autoUpdater, feed, around);
};
