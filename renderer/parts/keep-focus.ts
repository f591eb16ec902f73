/**
 * Keeps the focus somewhere that the next key can go on from. Without it a control that goes away, or that can't be used
 * any more, takes the focus along, and whoever works by keyboard starts again at the top of the page.
 */

/** What had the focus last outside of every dialog: where it belongs again afterwards. */
let outside: HTMLElement | null = null;

const canHold = (element: HTMLElement | null): boolean =>
  element?.isConnected === true && !element.matches(':disabled');

/** The current item, else the main part of what is in view. */
const toMain = (): void => {
  const main =
    document.querySelector<HTMLElement>('[aria-current="step"] .item-title') ?? document.querySelector('main');
  if (main === null) return;
  if (main.tabIndex < 0) main.tabIndex = -1;
  main.focus({ preventScroll: true });
};

/** After a dialog: back to where the focus was before. Many are opened by a key, or by one another, and have no trigger. */
export const giveFocusBack = (): void => {
  if (document.querySelector('[role="dialog"]') !== null) return;
  if (outside !== null && canHold(outside)) outside.focus({ preventScroll: true });
  else toMain();
};

export const keepFocus = (): void => {
  document.addEventListener('focusin', ({ target }) => {
    if (target instanceof HTMLElement && target.closest('[role="dialog"]') === null) outside = target;
  });
  document.addEventListener('focusout', ({ target, relatedTarget }) => {
    if (relatedTarget !== null || !(target instanceof HTMLElement)) return;
    // What a person leaves is still there afterwards; only what went away by itself is made up for.
    setTimeout(() => {
      if (document.activeElement === document.body && !canHold(target)) giveFocusBack();
    }, 0);
  });
};
