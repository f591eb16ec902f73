import type { BrowserWindow, WebFrameMain } from 'electron';

/** The one scheme that windows load from. Standard and secure, so that it has an origin of its own. */
export const scheme = 'war-room';
export const pageUrl = `${scheme}://app/`;

/** Whether this is our own page, exactly: another scheme, host, port or an empty address is not. */
export const isOwnUrl = (url: string): boolean =>
  url === pageUrl || url.startsWith(`${pageUrl}?`) || url.startsWith(`${pageUrl}#`);

/**
 * Whether a message came from the main frame of this window while it showed our page. Fails closed: a frame that is
 * gone or has not committed a page yet has no address, and is refused.
 */
export const isOwnFrame = (
  frame: WebFrameMain | null,
  window: Pick<BrowserWindow, 'isDestroyed' | 'webContents'>,
): boolean => frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame && isOwnUrl(frame.url);
