import { setImmediate } from 'node:timers/promises';
import { parseTarget } from '../shared/target/parse.ts';
import type { Fault, ParsedTarget } from '../shared/target/parse.ts';
import type { Target } from '../shared/target/schema.ts';
import { checkChannels } from './notify/schema.ts';
import { paramChecks } from './probes/schema.ts';
import { mostInline, readInThread } from './runbook/thread.ts';

/** Checked between two turns of the loop. */
const atOnce = 200;

const faultsOf = async (target: Target): Promise<readonly Fault[]> => {
  const faults: Fault[] = [];
  let checked = 0;
  for (const found of paramChecks(target)) {
    faults.push(...found);
    checked += 1;
    if (checked % atOnce === 0) await setImmediate();
  }
  return [...faults, ...checkChannels(target)];
};

const read = async (text: string, name: string): Promise<ParsedTarget> => {
  const parse = async (faults: readonly Fault[]): Promise<ParsedTarget> =>
    text.length <= mostInline ? parseTarget(text, () => faults) : readInThread('target', { text, faults }, name);
  const parsed = await parse([]);
  const { written } = parsed;
  const faults = written === null ? [] : await faultsOf(written);
  return faults.length === 0 ? parsed : parse(faults);
};

/** The text that was read last: it is looked at, joined with a checklist and started with, one right after the other. */
let last: { readonly text: string; readonly parsed: Promise<ParsedTarget> } | null = null;

/**
 * Reads a target without holding up the main loop: thousands of probes take seconds. What the kinds of probes and
 * channels want is looked at here, because a thread that knew them all would be as heavy as the app.
 */
export const readTarget = (text: string, name: string): Promise<ParsedTarget> => {
  if (last?.text === text) return last.parsed;
  const parsed = read(text, name);
  const own = { text, parsed };
  last = own;
  // What was refused for its time may be read when the machine has more of it.
  parsed.catch(() => {
    if (last === own) last = null;
  });
  return parsed;
};
