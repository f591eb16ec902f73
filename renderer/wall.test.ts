import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { contract } from '../shared/contract.ts';

const root = join(import.meta.dirname, '..');

/** What a module loads when it runs: imports of types alone are gone by then. */
const loads = (text: string): readonly string[] =>
  [...text.matchAll(/^(?:import|export)\s+(?!type\b)(?:[^'"]*?from\s+)?'(?<from>[^']+)';/gmsu)]
    .concat([...text.matchAll(/\bimport\('(?<from>[^']+)'\)/gu)])
    .map(({ groups }) => groups?.['from'] ?? '');

/** Every own source file that a page reaches. */
const reachedFrom = (entry: string): ReadonlyMap<string, string> => {
  const found = new Map<string, string>();
  const walk = (file: string): void => {
    const name = relative(root, file);
    if (found.has(name) || !/\.tsx?$/u.test(file) || !existsSync(file)) return;
    const text = readFileSync(file, 'utf8');
    found.set(name, text);
    for (const from of loads(text)) if (from.startsWith('.')) walk(join(dirname(file), from));
  };
  walk(join(root, entry));
  return found;
};

type Procedure = { readonly '~orpc': { readonly meta: { readonly grant?: string } } };
const changing = Object.entries(contract).flatMap(([noun, verbs]) =>
  Object.entries(verbs)
    .filter(([, procedure]) => (procedure as Procedure)['~orpc'].meta.grant !== 'watch')
    .map(([verb]) => `${noun}.${verb}`),
);

const reached = reachedFrom('renderer/wall.tsx');

test('the page of the walls loads no module that asks for a change, and the room does', () => {
  expect(changing.length).toBeGreaterThan(30);
  const asks = (files: ReadonlyMap<string, string>): readonly string[] =>
    [...files].flatMap(([name, text]) =>
      changing.filter((call) => text.includes(`client.${call}(`)).map((call) => `${name} asks for ${call}`),
    );
  expect(asks(reached)).toEqual([]);
  // The same look at the desk's own page finds what it must find.
  expect(asks(reachedFrom('renderer/main.tsx')).length).toBeGreaterThan(20);
});

test('it reaches the desk by one call and by the way in, and by nothing else', () => {
  const calls = [...reached.values()].flatMap((text) => [...text.matchAll(/\bclient\.(?<call>\w+\.\w+)\(/gu)]);
  expect([...new Set(calls.map(({ groups }) => groups?.['call']))]).toEqual(['wall.follow']);
  const asked = [...reached.values()].flatMap((text) => [...text.matchAll(/\bfetch\((?<what>[^,)]+)/gu)]);
  // The third is the page's own script: whether it is still served.
  const wanted = new Set(["'/api/pair'", "'/api/session'", 'own.src']);
  expect(new Set(asked.map(({ groups }) => groups?.['what']))).toEqual(wanted);
  const sockets = [...reached.values()].flatMap((text) => [...text.matchAll(/socketCarrier\(\s*'(?<path>[^']+)'/gu)]);
  expect(sockets.map(({ groups }) => groups?.['path'])).toEqual(['/api/watch']);
});

test('it stands in its own folder, beside parts that only draw', () => {
  const surfaces = [...reached.keys()].filter((name) => name.startsWith('renderer/surfaces/'));
  expect(surfaces.length).toBeGreaterThan(10);
  expect(surfaces.filter((name) => !name.startsWith('renderer/surfaces/wall/'))).toEqual([]);
  for (const name of ['renderer/client.ts', 'renderer/run-store.ts', 'shared/contract.ts', 'shared/runbook/parse.ts'])
    expect([...reached.keys()]).not.toContain(name);
});

test('the script that runs before all else is understood by the oldest browsers, and tells them what they lack', () => {
  const text = readFileSync(join(root, 'renderer/public/wall-plain.js'), 'utf8');
  const code = text.replaceAll(/\/\*[\s\S]*?\*\/|'(?:[^'\\]|\\.)*'/gu, '');
  // What came to the language after 2009.
  expect(code).not.toMatch(
    /=>|`|\?\.|\?\?|\*\*|\.\.\.|\b(?:let|const|class|async|await|yield|of|import|export|super)\b/u,
  );
  const written = { innerHTML: '' };
  const attributes: string[] = [];
  const document = {
    createElement: () => ({}),
    getElementById: () => written,
    documentElement: { setAttribute: (name: string) => attributes.push(name) },
  };
  // A browser that has next to nothing: no WebSocket, no Map, no CSS.supports.
  runInNewContext(text, { document, window: {}, Array: { prototype: {} } });
  expect(written.innerHTML).toMatch(/too old for the wall: it lacks modules, WebSocket, ResizeObserver, Map\.groupBy/u);
  expect(attributes).toEqual(['data-too-old']);
});
