import { expect, test } from 'vitest';
import { layered } from './layered.ts';
import type { Layered } from './layered.ts';

test('changes keep the order and the values of a Map, and every version before stays as it was', () => {
  const plain = new Map<string, number>();
  let map = layered<number>();
  const versions: { readonly map: Layered<number>; readonly was: readonly [string, number][] }[] = [];
  for (let at = 0; at < 500; at++) {
    // New keys, and old ones changed again.
    const key = `key-${(at * 7) % 300}`;
    plain.set(key, at);
    map = map.with(key, at);
    versions.push({ map, was: [...plain] });
  }
  for (const { map: version, was } of versions) {
    expect([...version]).toEqual(was);
    expect(version.size).toBe(was.length);
  }
  const [key = '', value] = versions[99]?.was[40] ?? [];
  expect(versions[99]?.map.get(key)).toBe(value);
  expect(versions[99]?.map.has('key-299')).toBe(false);
  expect(versions[0]?.map.get('key-7')).toBeUndefined();
  expect([...map.keys()]).toEqual([...plain.keys()]);
  expect([...map.values()]).toEqual([...plain.values()]);
});

test('two versions of one map know nothing of each other', () => {
  const one = layered([['a', 1]]);
  const [left, right] = [one.with('b', 2), one.with('b', 3).with('a', 4)];
  expect([...left]).toEqual([
    ['a', 1],
    ['b', 2],
  ]);
  expect([...right]).toEqual([
    ['a', 4],
    ['b', 3],
  ]);
  expect([...one]).toEqual([['a', 1]]);
});
