import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { parseTarget } from '../shared/target/parse.ts';
import { checkChannels } from './notify/schema.ts';
import { checkProbeParams } from './probes/schema.ts';
import { readTarget } from './read-target.ts';

const bundled = new URL('../shared/runbooks/ywmessaging.target.yaml', import.meta.url);

test('a long target is read in a thread to the same as on the main loop, which goes on meanwhile', async () => {
  const text = await readFile(bundled, 'utf8');
  let turns = 0;
  const turning = setInterval(() => (turns += 1), 0);
  const read = await readTarget(text, 'ywmessaging');
  clearInterval(turning);
  expect(read).toEqual(parseTarget(text, (target) => [...checkProbeParams(target), ...checkChannels(target)]));
  expect(read.target?.service).toBe('backend-api');
  expect(turns).toBeGreaterThan(0);
  expect(await readTarget(text, 'again')).toBe(read);
});

test('what a kind of probe finds wrong is told beside what the text alone shows, each with its line', async () => {
  const text = `${await readFile(bundled, 'utf8')}\n`
    .replace(/^probes:$/mu, 'probes:\n  odd: { kind: http, label: Odd, with: { adress: x } }')
    .replace(/^metrics:$/mu, 'metrics:\n  lost: { label: Lost, probe: none, series: x }');
  const { target, problems } = await readTarget(text, 'odd');
  const lineOf = (words: string): number => text.slice(0, text.indexOf(words)).split('\n').length;
  expect(target).toBeNull();
  expect(problems).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ line: lineOf('  odd:'), message: expect.stringContaining('http knows no adress') }),
      expect.objectContaining({ line: lineOf('  lost:'), message: expect.stringContaining('no probe "none"') }),
    ]),
  );
});

test('a text that is nested without end gets a sentence, and ends neither the app nor the patience of who reads it', async () => {
  const { target, problems } = await readTarget('a: '.padEnd(60_000, '['), 'deep');
  expect(target).toBeNull();
  expect(problems[0]).toMatchObject({ line: 1, message: 'this is nested too deep to be read' });
  expect(problems.length).toBeLessThanOrEqual(100);
});
