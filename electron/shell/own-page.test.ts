import type { BrowserWindow, WebFrameMain } from 'electron';
import { describe, expect, test } from 'vitest';
import { isOwnFrame, isOwnUrl, pageUrl, wallUrl } from './own-page.ts';

test.each([pageUrl, `${pageUrl}#run=abc`, `${pageUrl}?gallery`, wallUrl, `${wallUrl}#screen=TV`])(
  '%s is our page',
  (url) => {
    expect(isOwnUrl(url)).toBe(true);
  },
);

test.each([
  '',
  'about:blank',
  'about:srcdoc',
  'war-room:',
  'war-room://',
  'war-room://app',
  'war-room://app/assets/x.html',
  'war-room://app/wall/',
  'war-room://app/walls',
  'war-room://app/wall.html',
  'war-room://app./',
  'war-room://app:80/',
  'war-room://user@app/',
  'war-room://app.evil.test/',
  'war-room://evil/app/',
  'WAR-ROOM://app/',
  ' war-room://app/',
  'war-rooms://app/',
  'blob:war-room://app/1',
  'data:text/html,war-room://app/',
  'file:///war-room://app/',
  'https://app/',
  'https://evil.test/#war-room://app/',
  'javascript:"war-room://app/"',
  'devtools://devtools/',
  'chrome-error://chromewebdata/',
])('"%s" is not', (url) => {
  expect(isOwnUrl(url)).toBe(false);
});

describe('a message is heard from our own main frame alone', () => {
  const frame = (url: string) => ({ url }) as WebFrameMain;
  const window = (mainFrame: WebFrameMain, destroyed = false) =>
    ({ isDestroyed: () => destroyed, webContents: { mainFrame } }) as BrowserWindow;
  const ours = frame(pageUrl);

  test('from there', () => expect(isOwnFrame(ours, window(ours))).toBe(true));
  test('not from a frame that is gone', () => expect(isOwnFrame(null, window(ours))).toBe(false));
  test('not from a frame inside', () => expect(isOwnFrame(frame(pageUrl), window(ours))).toBe(false));
  test('not before a page is there', () => {
    const empty = frame('');
    expect(isOwnFrame(empty, window(empty))).toBe(false);
  });
  test('not from another page', () => {
    const other = frame('https://evil.test/');
    expect(isOwnFrame(other, window(other))).toBe(false);
  });
  test('not from a window that is gone', () => expect(isOwnFrame(ours, window(ours, true))).toBe(false));
});
