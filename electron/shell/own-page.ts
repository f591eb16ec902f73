import type { BrowserWindow, WebFrameMain } from 'electron';

/** The one scheme that windows load from. Standard and secure, so that it has an origin of its own. */
export const scheme = 'war-room';
export const pageUrl = `${scheme}://app/`;

/** The page of the walls. */
export const wallUrl = `${pageUrl}wall`;

const isAt = (url: string, page: string): boolean =>
  url === page || url.startsWith(`${page}?`) || url.startsWith(`${page}#`);

export const isWallUrl = (url: string): boolean => isAt(url, wallUrl);

/** Whether this is one of our own pages, exactly: another scheme, host, port or path, or an empty address is not. */
export const isOwnUrl = (url: string): boolean => isAt(url, pageUrl) || isWallUrl(url);

/**
 * Whether a message came from the main frame of this window while it showed our page. Fails closed: a frame that is
 * gone or has not committed a page yet has no address, and is refused.
 */
export const isOwnFrame = (
  frame: WebFrameMain | null,
  window: Pick<BrowserWindow, 'isDestroyed' | 'webContents'>,
): boolean => frame !== null && !window.isDestroyed() && frame === window.webContents.mainFrame && isOwnUrl(frame.url);
