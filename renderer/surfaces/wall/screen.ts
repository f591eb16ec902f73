import { keep, recall } from '../../look.ts';
import { createStore } from '../../store.ts';
import type { Store } from '../../store.ts';

export const contents = ['all', 'metrics', 'checklist'] as const;
export type Content = (typeof contents)[number];

/** How this screen stands in the room and what it shows: a choice of this browser alone. */
export type ScreenChoice = {
  readonly inches: number;
  readonly metres: number;
  readonly show: Content;
  readonly sound: boolean;
};

/** `key`: where the choice is kept. Two displays of one desk each have their own. */
export type WallScreen = { readonly key: string; readonly choice: ScreenChoice; readonly asking: boolean };

export const bounds = { inches: { least: 10, most: 120 }, metres: { least: 0.5, most: 15 } } as const;
const initial: ScreenChoice = { inches: 55, metres: 4, show: 'all', sound: true };

const within = (value: unknown, { least, most }: { readonly least: number; readonly most: number }): number | null => {
  const number = Number(value);
  return value !== null && value !== undefined && number >= least && number <= most ? number : null;
};

type Loose = Readonly<Partial<Record<keyof ScreenChoice, unknown>>>;

/** What can be used of a stored or an addressed choice, over another one. */
const over = (base: ScreenChoice, given: Loose): ScreenChoice => ({
  inches: within(given.inches, bounds.inches) ?? base.inches,
  metres: within(given.metres, bounds.metres) ?? base.metres,
  show: contents.find((content) => content === given.show) ?? base.show,
  sound:
    given.sound === undefined || given.sound === null ? base.sound : given.sound !== 'off' && given.sound !== false,
});

const stored = (key: string): Loose | null => {
  try {
    const found: unknown = JSON.parse(recall(key) ?? 'null');
    return typeof found === 'object' ? found : null;
  } catch {
    return null;
  }
};

/**
 * The choice of this browser. What the address says comes before what was kept, so that a screen without a keyboard can
 * be set up by its address; where neither says how large the screen is, it is asked for.
 */
export const openScreen = (address: URLSearchParams): Store<WallScreen> => {
  const name = address.get('screen');
  const key = name === null ? 'wall-screen' : `wall-screen ${name}`;
  const known = stored(key);
  const given: Loose = Object.fromEntries(address);
  const choice = over(over(initial, known ?? {}), given);
  return createStore<WallScreen>({
    key,
    choice,
    asking: known === null && within(given.inches, bounds.inches) === null,
  });
};

export const choose = (screen: Store<WallScreen>, change: Partial<ScreenChoice>): void => {
  const choice = { ...screen.get().choice, ...change };
  keep(screen.get().key, JSON.stringify(choice));
  screen.set({ ...screen.get(), choice });
};
