import { open, stat } from 'node:fs/promises';
import { WarRoomError } from '../../shared/errors.ts';
import { readRunbook } from './read.ts';
import type { ReadOrder, ReadRunbook } from './read.ts';
import { mostInline, readInThread } from './thread.ts';

const mostBytes = 5 * 1024 * 1024;
const tooLarge = (name: string, bytes: number): WarRoomError =>
  new WarRoomError(
    'too-large',
    `"${name}" has ${(bytes / 1024 / 1024).toFixed(1)} MiB; a checklist may have up to 5 MiB. Part it.`,
  );

const reasons: Readonly<Record<string, readonly [code: 'not-found' | 'not-allowed' | 'bad-input', why: string]>> = {
  ENOENT: ['not-found', 'There is no such file.'],
  ENOTDIR: ['not-found', 'A part of the path is not a folder.'],
  EACCES: ['not-allowed', 'This user may not read it.'],
  EPERM: ['not-allowed', 'This user may not read it.'],
  ELOOP: ['bad-input', 'Its links lead in a circle.'],
  ENAMETOOLONG: ['bad-input', 'The name is too long.'],
};

const cantOpen = (path: string, cause: unknown): WarRoomError => {
  const errno = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
  const [code, why] = reasons[errno] ?? [
    'bad-input',
    errno === '' ? 'The path is not usable.' : `The system says ${errno}.`,
  ];
  return new WarRoomError(code, `"${path}" can't be opened. ${why}`, { cause });
};

/** UTF-8 text from a file's bytes, a byte order mark kept so that an export can equal its source. Refuses what is no text. */
export function usableText(bytes: Uint8Array, name: string): string {
  if (bytes.byteLength > mostBytes) throw tooLarge(name, bytes.byteLength);
  if ((bytes[0] === 0xff && bytes[1] === 0xfe) || (bytes[0] === 0xfe && bytes[1] === 0xff))
    throw new WarRoomError('bad-input', `"${name}" is written in UTF-16. Save it as UTF-8.`);
  const nul = bytes.indexOf(0);
  if (nul >= 0) throw new WarRoomError('bad-input', `"${name}" is not a text: byte ${nul + 1} is NUL.`);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw new WarRoomError('bad-input', `"${name}" is not valid UTF-8. Save it as UTF-8.`, { cause });
  }
}

/** Reads a text file. Devices and pipes are refused before they are opened: reading one may never end. */
export async function readText(path: string): Promise<string> {
  const found = await stat(path).catch((cause: unknown) => {
    throw cantOpen(path, cause);
  });
  if (found.isDirectory()) throw new WarRoomError('bad-input', `"${path}" is a folder. Name the file in it.`);
  if (!found.isFile()) throw new WarRoomError('bad-input', `"${path}" is not a file.`);
  if (found.size > mostBytes) throw tooLarge(path, found.size);
  const file = await open(path, 'r').catch((cause: unknown) => {
    throw cantOpen(path, cause);
  });
  try {
    return usableText(await file.readFile(), path);
  } finally {
    await file.close();
  }
}

/** More than about a hundred levels of lists and quotations: only a thread has the stack for that. */
const isDeep = (text: string): boolean => /^(?:[ \t]{200}|(?:[ \t]*(?:>|[-*+]|\d{1,9}[.)])){100})/mu.test(text);

/**
 * Reads a checklist without holding up the main loop. A text made to be slow is refused at its deadline, counted from
 * when the thread begins with it to when it has read it; handing a large runbook over comes on top.
 */
export function parseWithin(
  text: string,
  name: string,
  { inferred = true, counted = false }: Partial<ReadOrder> = {},
): Promise<ReadRunbook> {
  const order: ReadOrder = { text, inferred, counted };
  if (text.length <= mostInline && !isDeep(text)) return Promise.resolve(readRunbook(order));
  return readInThread('checklist', order, name);
}
