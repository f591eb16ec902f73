import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import { bundleEnding } from '../../shared/audit/contract.ts';
import type { ShellOrder } from '../../shared/shell/contract.ts';

const mostBytes = 5 * 1024 ** 2;
const mostBundleBytes = 64 * 1024 ** 2;
const documents = new Set(['.md', '.markdown', '.yaml', '.yml']);
const opens = (path: string): boolean => [...documents, bundleEnding].includes(extname(path).toLowerCase());
const link = /^warroom:\/\/run\/(?<run>[\w\-]{1,64})\/?$/v;

/** A run's link shows the run; there is no link that does anything. */
export const orderOfLink = (url: string): ShellOrder => {
  const run = link.exec(url)?.groups?.['run'];
  return run === undefined
    ? { kind: 'refused', sentence: `War Room opens links such as warroom://run/ID; "${url.slice(0, 100)}" is none.` }
    : { kind: 'run', runId: run };
};

/** A document as the window takes it in, or the sentence why it can't be opened. */
export const orderOfFile = (path: string): ShellOrder => {
  const name = basename(path);
  const refused = (why: string): ShellOrder => ({ kind: 'refused', sentence: `"${name}" ${why}` });
  if (!opens(path))
    return refused('is neither a Markdown checklist (.md) nor a target (.yaml) nor a bundle (.war-room).');
  try {
    const stat = statSync(path);
    // A pipe or a device by that name would be read for ever.
    if (!stat.isFile()) return refused('is not a file.');
    const { size } = stat;
    if (!documents.has(extname(path).toLowerCase()))
      return size > mostBundleBytes
        ? refused('is larger than 64 MiB. Open it from the first screen.')
        : { kind: 'bundle', base64: readFileSync(path).toString('base64') };
    if (size > mostBytes) return refused('is larger than 5 MiB. Is it a checklist?');
    return { kind: 'open', name, text: new TextDecoder('utf-8', { fatal: true }).decode(readFileSync(path)) };
  } catch (cause) {
    if (cause instanceof TypeError) return refused('is not text in UTF-8.');
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : String(cause);
    return refused(code === 'ENOENT' ? 'is not there any more.' : `can't be read (${code}).`);
  }
};

/** What a start, or a second one, was asked to open: links and documents among the arguments, the rest is Chromium's. */
export const ordersOf = (argv: readonly string[], folder: string): readonly ShellOrder[] =>
  argv.flatMap((argument) => {
    if (argument.startsWith('warroom:')) return [orderOfLink(argument)];
    if (argument.startsWith('-') || !opens(argument)) return [];
    return [orderOfFile(resolve(folder, argument))];
  });
