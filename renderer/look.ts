import { createStore } from './store.ts';

/** Choices of this window alone: they never leave it and change no run. */

export const recall = (key: string): string | null => {
  try {
    return localStorage.getItem(key);
  } catch {
    // Storage can be forbidden by the browser; the choice then lasts as long as the page.
    return null;
  }
};

export const keep = (key: string, value: string): void => {
  try {
    localStorage.setItem(key, value);
  } catch {
    // As above.
  }
};

export type Theme = 'system' | 'light' | 'dark';

const themeOf = (text: string | null): Theme => (text === 'light' || text === 'dark' ? text : 'system');

export const theme = createStore<Theme>(themeOf(recall('theme')));
export const oneKeyActions = createStore(recall('one-key-actions') !== 'off');

const wear = (): void => {
  if (theme.get() === 'system') delete document.documentElement.dataset['theme'];
  else document.documentElement.dataset['theme'] = theme.get();
};

/** Puts the chosen theme on the page, now and whenever it changes. */
export const wearTheme = (): void => {
  wear();
  theme.subscribe(() => {
    keep('theme', theme.get());
    wear();
  });
  oneKeyActions.subscribe(() => keep('one-key-actions', oneKeyActions.get() ? 'on' : 'off'));
};
