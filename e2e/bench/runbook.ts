import { existsSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { gfmFromMarkdown } from 'mdast-util-gfm';
import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfm } from 'micromark-extension-gfm';
import { parseWithin } from '../../electron/runbook/open.ts';
import { parseRunbook } from '../../shared/runbook/parse.ts';
import { anyDocument } from './documents.ts';
import { type Figure, figure } from './figure.ts';

const bundled = new URL('../../shared/runbooks/production-deployment-checklist.md', import.meta.url);

const bare = (text: string): unknown =>
  fromMarkdown(text, { extensions: [gfm()], mdastExtensions: [gfmFromMarkdown()] });

const timeOf = (run: () => unknown): number => {
  const start = performance.now();
  run();
  return performance.now() - start;
};

/** Medians of both, taken in turn, so that a busy moment of the machine counts for both. */
function sideBySide(one: () => unknown, other: () => unknown, times: number): readonly [one: number, other: number] {
  const all: (readonly [number, number])[] = [];
  for (let at = 0; at < times; at++) all.push([timeOf(one), timeOf(other)]);
  const median = (side: 0 | 1): number => all.map((pair) => pair[side]).sort((a, b) => a - b)[times >> 1] ?? 0;
  return [median(0), median(1)];
}

type Fuzzed = { readonly crashes: number; readonly slowestMs: number; readonly unaccounted: number };

function fuzz(documents: number, seed: number): Fuzzed {
  let crashes = 0;
  let slowestMs = 0;
  let unaccounted = 0;
  for (const text of fc.sample(anyDocument, { numRuns: documents, seed })) {
    const start = performance.now();
    try {
      unaccounted += parseRunbook(text).unaccountedLines.length;
    } catch {
      crashes++;
    }
    slowestMs = Math.max(slowestMs, performance.now() - start);
  }
  return { crashes, slowestMs, unaccounted };
}

/** Reading checklists: beside the bare parser, at the largest size that is taken, and over made-up documents. */
export async function runbookBench(): Promise<readonly Figure[]> {
  const text = existsSync(bundled) ? readFileSync(bundled, 'utf8') : '';
  // Both paths warm, as they are in a room that is open.
  sideBySide(
    () => parseRunbook(text),
    () => bare(text),
    60,
  );
  const [ours, theirs] = sideBySide(
    () => parseRunbook(text),
    () => bare(text),
    60,
  );
  const most = 5 * 1024 * 1024;
  const large = text.repeat(Math.floor(most / Buffer.byteLength(text)));
  const readMs = timeOf(() => parseRunbook(large));
  const start = performance.now();
  await parseWithin(large, 'large.md');
  const largeMs = performance.now() - start;
  const documents = 100_000;
  let fuzzed: Fuzzed = { crashes: 0, slowestMs: 0, unaccounted: 0 };
  // In parts, so that the documents need not all be held at once.
  for (let done = 0; done < documents; done += 10_000) {
    const some = fuzz(10_000, done + 1);
    fuzzed = {
      crashes: fuzzed.crashes + some.crashes,
      slowestMs: Math.max(fuzzed.slowestMs, some.slowestMs),
      unaccounted: fuzzed.unaccounted + some.unaccounted,
    };
  }
  return [
    figure('runbook: the bundled checklist, beside the bare parser (≤ 1.5 times)', ours, 'ms', theirs),
    figure('runbook: 5 MiB read', readMs, 'ms', 2_000),
    figure('runbook: 5 MiB read in a thread and handed over, start included', largeMs, 'ms', null),
    figure(`runbook: ${documents} made-up documents, crashes`, fuzzed.crashes, 'crashes', null),
    figure(`runbook: ${documents} made-up documents, slowest`, fuzzed.slowestMs, 'ms', 2_000),
    figure(`runbook: ${documents} made-up documents, lines unaccounted`, fuzzed.unaccounted, 'lines', null),
  ];
}
