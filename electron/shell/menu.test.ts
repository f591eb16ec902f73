import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { ShellOrder } from '../../shared/shell/contract.ts';

/** The menu on each system, with the module "electron" standing in: what is on it, and that nothing on it acts on a run. */
type Item = {
  readonly role?: string;
  readonly label?: string;
  readonly type?: string;
  readonly checked?: boolean;
  readonly accelerator?: string;
  readonly click?: () => void;
  readonly submenu?: readonly Item[];
};
const set = vi.hoisted(() => ({ menu: [] as unknown[], packaged: true, chosen: [] as string[] }));
vi.mock('electron', () => ({
  Menu: { buildFromTemplate: (items: unknown) => items, setApplicationMenu: (menu: unknown[]) => (set.menu = menu) },
  app: {
    get isPackaged() {
      return set.packaged;
    },
  },
  dialog: { showOpenDialog: () => Promise.resolve({ canceled: set.chosen.length === 0, filePaths: set.chosen }) },
}));
const { setMenu } = await import('./menu.ts');

const given: ShellOrder[] = [];
const walls: (readonly [number, boolean])[] = [];
const opened = vi.fn<() => void>();
const draw = (platform: NodeJS.Platform): readonly Item[] => {
  vi.stubGlobal('process', { ...process, platform });
  setMenu({
    openWindow: opened,
    give: (order) => given.push(order),
    displays: () => [
      { id: 1, label: 'Desk 1280 × 800', width: 1_280, height: 800, primary: true, wall: false },
      { id: 2, label: 'TV 1920 × 1080', width: 1_920, height: 1_080, primary: false, wall: true },
    ],
    wall: (id, shown) => walls.push([id, shown]),
  });
  return set.menu as readonly Item[];
};
const named = (items: readonly Item[], label: string): Item | undefined =>
  items.flatMap((item) => [item, ...(item.submenu ?? [])]).find((item) => item.label === label);
const rolesIn = (items: readonly Item[], role: string): readonly string[] =>
  items.find((item) => item.role === role)?.submenu?.flatMap((item) => item.role ?? []) ?? [];

beforeEach(() => {
  given.length = 0;
  walls.length = 0;
  Object.assign(set, { packaged: true, chosen: [] });
});
afterEach(() => vi.unstubAllGlobals());

describe('the menu', () => {
  test('has on macOS the app’s own first, closes a window, and leaves quitting and About to that', () => {
    const menu = draw('darwin');
    expect(menu.map(({ role, label }) => role ?? label)).toEqual([
      'appMenu',
      'fileMenu',
      'editMenu',
      'viewMenu',
      'Wall',
      'windowMenu',
      'help',
    ]);
    expect(rolesIn(menu, 'fileMenu')).toEqual(['close']);
    expect(named(menu, 'About War Room')).toBe(undefined);
  });

  test.each(['linux', 'win32'] as const)('on %s quits from File and has About under Help', (platform) => {
    const menu = draw(platform);
    expect(menu.map(({ role, label }) => role ?? label)[0]).toBe('fileMenu');
    expect(rolesIn(menu, 'fileMenu')).toEqual(['quit']);
    named(menu, 'About War Room')?.click?.();
    expect(given).toEqual([{ kind: 'show', what: 'about' }]);
  });

  test('has developer tools only where it is not packaged', () => {
    expect(rolesIn(draw('linux'), 'viewMenu')).not.toContain('toggleDevTools');
    set.packaged = false;
    expect(rolesIn(draw('linux'), 'viewMenu')).toContain('toggleDevTools');
  });

  test('shows and hides the wall on each display, with a tick where it is', () => {
    const menu = draw('linux');
    const here = named(menu, 'On Desk 1280 × 800 (this desk)');
    const tv = named(menu, 'On TV 1920 × 1080');
    expect([here?.checked, tv?.checked]).toEqual([false, true]);
    here?.click?.();
    tv?.click?.();
    expect(walls).toEqual([
      [1, true],
      [2, false],
    ]);
  });

  test('opens a window, a document that was chosen, sheets, news and diagnostics; nothing where a person cancelled', async () => {
    const menu = draw('linux');
    named(menu, 'New window')?.click?.();
    expect(opened).toHaveBeenCalledOnce();
    for (const label of ['Sheets…', 'What is new', 'Copy diagnostics…']) named(menu, label)?.click?.();
    const open = named(menu, 'Open checklist, target or bundle…');
    open?.click?.();
    await Promise.resolve();
    expect(given).toEqual(['sheet', 'news', 'about'].map((what) => ({ kind: 'show', what })));
    set.chosen = ['/nowhere/gone.md'];
    open?.click?.();
    await vi.waitFor(
      () => expect(given.at(-1)).toMatchObject({ kind: 'refused', sentence: expect.stringMatching(/gone\.md/u) }),
      { timeout: 15_000 },
    );
  });

  test('gives no two things the same key', () => {
    const keys = draw('linux').flatMap(({ submenu = [] }) => submenu.flatMap(({ accelerator }) => accelerator ?? []));
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toContain('CmdOrCtrl+O');
  });
});
