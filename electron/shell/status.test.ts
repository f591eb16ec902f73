import { EventEmitter } from 'node:events';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Engine } from '../engine.ts';
import { badgeSize, drawBadge } from './badge.ts';

/** What tray, badge and blocker are asked for on each system, with the module "electron" standing in. */
const asked = vi.hoisted(() => [] as { readonly what: string; readonly detail: unknown }[]);
const note = vi.hoisted(() => (what: string) => (detail: unknown) => void asked.push({ what, detail }));
const windows = vi.hoisted(() => [] as unknown[]);
vi.mock('electron', async () => {
  const { EventEmitter: Emitter } = await import('node:events');
  return {
    BrowserWindow: { getAllWindows: () => windows },
    Menu: { buildFromTemplate: (items: unknown) => items },
    Tray: function Tray() {
      return Object.assign(new Emitter(), {
        setImage: note('image'),
        setToolTip: note('tip'),
        setContextMenu: note('menu'),
        destroy: () => note('tray')('gone'),
      });
    },
    app: { setBadgeCount: note('badge') },
    nativeImage: {
      createFromPath: (path: string) => path.split(/[\/\\]/v).at(-1),
      createFromBitmap: (pixels: Buffer, size: object) => ({ bytes: pixels.length, ...size }),
    },
    powerSaveBlocker: {
      start: (kind: string) => (note('awake')(kind), 7),
      stop: (id: number) => note('awake')(-id),
    },
  };
});
const { showStatus, statusOf } = await import('./status.ts');

type Room = ReturnType<Engine['rooms']['all']>[number];
const room = (failing: number): Room =>
  ({
    head: () => ({ started: { service: 'api', release: '2.1.0', environment: 'production' } }),
    checklist: () => ({
      items: Array.from({ length: failing }, (_, id) => ({
        id: `i${id}`,
        kind: 'sensed',
        mark: null,
        sensed: { state: 'fail' },
      })),
    }),
  }) as unknown as Room;
let open: Room[] = [];
const rooms = { all: () => open } as unknown as Engine['rooms'];
const window = () =>
  Object.assign(new EventEmitter(), {
    setOverlayIcon: (image: unknown, words: string) => note('overlay')({ image, words }),
  });
const last = (what: string): unknown => asked.findLast((entry) => entry.what === what)?.detail;

beforeEach(() => {
  vi.useFakeTimers();
  asked.length = 0;
  windows.splice(0, windows.length, window());
  open = [];
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});
const on = (platform: NodeJS.Platform): void =>
  void vi.stubGlobal('process', { ...process, platform, env: process.env });

describe.each(['linux', 'darwin', 'win32'] as const)('on %s', (platform) => {
  test('the tray has a shape and words for each state, and is drawn only when they change', () => {
    on(platform);
    const focus = vi.fn<() => void>();
    const status = showStatus({ rooms }, 'tray', focus);
    expect([last('image'), last('tip')]).toEqual(['idle.png', 'War Room: no run is open']);
    open = [room(0)];
    vi.advanceTimersByTime(1_000);
    expect([last('image'), last('tip')]).toEqual(['calm.png', 'api 2.1.0 (production): nothing is failing']);
    open = [room(2)];
    vi.advanceTimersByTime(1_000);
    expect([last('image'), last('tip')]).toEqual(['attention.png', 'api 2.1.0 (production): 2 items failing']);
    const drawn = asked.length;
    vi.advanceTimersByTime(60_000);
    expect(asked).toHaveLength(drawn);
    expect(last('menu')).toEqual([
      { label: 'api 2.1.0 (production): 2 items failing', enabled: false },
      { type: 'separator' },
      { label: 'Show War Room', click: focus },
      { role: 'quit' },
    ]);
    status.close();
    expect(last('tray')).toBe('gone');
  });

  test('the machine stays awake while a run is open, and may sleep within a second of its end', () => {
    on(platform);
    const status = showStatus({ rooms }, 'tray', () => {});
    expect(last('awake')).toBe(undefined);
    open = [room(0), room(1)];
    vi.advanceTimersByTime(1_000);
    vi.advanceTimersByTime(10_000);
    expect(asked.filter(({ what }) => what === 'awake')).toEqual([{ what: 'awake', detail: 'prevent-display-sleep' }]);
    open = [];
    vi.advanceTimersByTime(1_000);
    expect(last('awake')).toBe(-7);
    open = [room(0)];
    vi.advanceTimersByTime(1_000);
    status.close();
    expect(last('awake')).toBe(-7);
  });
});

test.each(['linux', 'darwin'] as const)('the count of what fails stands on the dock on %s', (platform) => {
  on(platform);
  open = [room(3)];
  const status = showStatus({ rooms }, 'tray', () => {});
  expect([last('badge'), last('overlay')]).toEqual([3, undefined]);
  open = [room(0)];
  vi.advanceTimersByTime(1_000);
  expect(last('badge')).toBe(0);
  status.close();
});

test('on Windows it lies over the button of every window in the task bar, of one that comes later too', () => {
  on('win32');
  open = [room(3)];
  const status = showStatus({ rooms }, 'tray', () => {});
  const words = 'api 2.1.0 (production): 3 items failing';
  const image = { bytes: badgeSize * badgeSize * 4, width: badgeSize, height: badgeSize, scaleFactor: 2 };
  expect([last('overlay'), last('badge')]).toEqual([{ image, words }, undefined]);
  windows.push(window());
  vi.advanceTimersByTime(1_000);
  expect(asked.filter(({ what }) => what === 'overlay')).toHaveLength(3);
  open = [room(0)];
  vi.advanceTimersByTime(1_000);
  expect(last('overlay')).toEqual({ image: null, words: '' });
  status.close();
});

test('each count is drawn differently up to nine, and more is one and the same', () => {
  const drawn = Array.from({ length: 12 }, (_, n) => drawBadge(n + 1).toString('base64'));
  expect(new Set(drawn).size).toBe(10);
  expect(drawn[9]).toBe(drawn[11]);
  const pixels = drawBadge(1);
  // The corners let the task bar through; the middle of a "1" is paper.
  expect([...pixels.subarray(0, 4)]).toEqual([0, 0, 0, 0]);
  const middle = (badgeSize * (badgeSize / 2) + badgeSize / 2) * 4;
  expect([...pixels.subarray(middle, middle + 4)]).toEqual([255, 255, 255, 255]);
});

test('a run whose start is not known yet costs no words', () => {
  expect(
    statusOf({ all: () => [{ ...room(1), head: () => ({ started: null }) }] } as unknown as Engine['rooms']).count,
  ).toBe(1);
});
