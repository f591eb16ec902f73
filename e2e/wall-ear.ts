import type { Page } from 'playwright-core';

/** One time that a page turned stale, in ms. */
type Fall = {
  /** From the last thing it heard until the layout stood in the page, and until that was painted. */
  readonly ms: number;
  readonly paintedMs: number;
  /** By how much the page's own timers were late meanwhile, at worst. */
  readonly heldUpMs: number;
};

export type Ear = {
  readonly falls: () => Promise<readonly Fall[]>;
  /** The longest that the page heard nothing since the last call, in ms. */
  readonly longestGapMs: () => Promise<number>;
  readonly beats: () => Promise<number>;
  /** Every word that it said about having come back. */
  readonly backs: () => Promise<readonly string[]>;
};

// Sent as text, so that the page's own policy against scripts stays in force. It listens beside the page, whichever way
// the desk's words come in.
const listen = `(() => {
  const ear = (window.ear = { heardAt: performance.now(), gap: 0, beats: 0, falls: [], backs: [], late: 0 });
  const hear = () => {
    const now = performance.now();
    ear.gap = Math.max(ear.gap, now - ear.heardAt);
    ear.heardAt = now;
    ear.beats += 1;
    ear.late = 0;
  };
  window.WebSocket = class extends WebSocket {
    constructor(...given) {
      super(...given);
      this.addEventListener('message', hear);
    }
  };
  const { start } = MessagePort.prototype;
  MessagePort.prototype.start = function () {
    this.addEventListener('message', hear);
    return start.call(this);
  };
  let dueAt = performance.now() + 10;
  setInterval(() => {
    ear.late = Math.max(ear.late, performance.now() - dueAt);
    dueAt = performance.now() + 10;
  }, 10);
  let stale = false;
  new MutationObserver(() => {
    const is = document.querySelector('.wall-message[data-kind="stale"]') !== null;
    if (is && !stale) {
      const fall = { ms: performance.now() - ear.heardAt, paintedMs: 0, heldUpMs: ear.late };
      const from = ear.heardAt;
      requestAnimationFrame(() => setTimeout(() => (fall.paintedMs = performance.now() - from), 0));
      ear.falls.push(fall);
    }
    stale = is;
    const back = document.querySelector('.wall-back')?.textContent;
    if (back && !ear.backs.includes(back)) ear.backs.push(back);
  }).observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
})()`;

/** Listens in a page from its next load on. */
export const listenIn = async (page: Page): Promise<Ear> => {
  await page.addInitScript(listen);
  return {
    falls: () => page.evaluate<readonly Fall[]>('window.ear.falls'),
    longestGapMs: () =>
      page.evaluate<number>(
        '(() => { const gap = Math.max(window.ear.gap, performance.now() - window.ear.heardAt); window.ear.gap = 0; return gap; })()',
      ),
    beats: () => page.evaluate<number>('window.ear.beats'),
    backs: () => page.evaluate<readonly string[]>('window.ear.backs'),
  };
};
