import { readFileSync, statSync } from 'node:fs';
import { basename, extname, resolve } from 'node:path';
import type { ShellOrder } from '../../shared/shell/contract.ts';

const mostBytes = 5 * 1024 ** 2;
const documents = new Set(['.md', '.markdown', '.yaml', '.yml']);
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
  if (!documents.has(extname(path).toLowerCase()))
    return refused('is neither a Markdown checklist (.md) nor a target (.yaml).');
  try {
    const { size } = statSync(path);
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
    if (argument.startsWith('-') || !documents.has(extname(argument).toLowerCase())) return [];
    return [orderOfFile(resolve(folder, argument))];
  });
