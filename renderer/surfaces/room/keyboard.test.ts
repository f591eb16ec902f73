import { describe, expect, test } from 'vitest';
import { actionFor, roomKeys } from './keyboard.ts';
import type { Press } from './keyboard.ts';

const press = (key: string, more: Partial<Press> = {}): Press => ({
  key,
  ctrl: false,
  meta: false,
  alt: false,
  on: 'page',
  oneKey: true,
  ...more,
});

describe('a key in the room', () => {
  test.each([
    ['j', 'next'],
    ['J', 'next'],
    ['k', 'previous'],
    [' ', 'tick'],
    ['n', 'note'],
    ['r', 'check'],
    ['?', 'help'],
  ])('%s means %s', (key, action) => expect(actionFor(press(key))).toBe(action));

  test('never means two things', () => {
    const keys = roomKeys.flatMap((entry) => [...entry.keys]);
    expect(new Set(keys).size).toBe(keys.length);
  });

  test('is text while a field or a dialog has the focus', () => {
    for (const on of ['field', 'dialog', 'dialog-field'] as const)
      for (const { keys, action } of roomKeys)
        if (on !== 'dialog' || action !== 'mute') expect(actionFor(press(keys[0], { on }))).toBeNull();
    expect(actionFor(press('k', { ctrl: true, on: 'dialog-field' }))).toBeNull();
  });

  test('silences the tone from a dialog too, but not from a field in it', () => {
    expect(actionFor(press('m', { on: 'dialog' }))).toBe('mute');
    expect(actionFor(press('m', { on: 'dialog-field' }))).toBeNull();
  });

  test('leaves Space and the arrows to the control that has the focus: it must never tick another item', () => {
    expect(actionFor(press(' ', { on: 'control' }))).toBeNull();
    expect(actionFor(press('ArrowDown', { on: 'control' }))).toBeNull();
    expect(actionFor(press('j', { on: 'control' }))).toBe('next');
  });

  test('does nothing alone where one-key actions are off, and the palette still opens', () => {
    expect(actionFor(press('j', { oneKey: false }))).toBeNull();
    expect(actionFor(press('k', { oneKey: false, ctrl: true }))).toBe('palette');
    expect(actionFor(press('k', { meta: true, on: 'field' }))).toBe('palette');
  });

  test('stays with the browser when it is part of a chord', () => {
    expect(actionFor(press('r', { ctrl: true }))).toBeNull();
    expect(actionFor(press('d', { alt: true }))).toBeNull();
  });
});
