import { Buffer } from 'node:buffer';
import type { ChildProcess } from 'node:child_process';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { StringDecoder } from 'node:string_decoder';
import { masked } from './mask.ts';
import { ProbeUnknown } from './probe.ts';
import { killGroup, start } from './run-command.ts';
import type { CommandSpec } from './run-command.ts';

/** New text of a log since the last call, and how many bytes were too many to read. */
export type Fresh = { readonly text: string; readonly skipped: number };
export type LogSource = { readonly fresh: () => Promise<Fresh>; readonly close: () => Promise<void> };

/** At most this much at one time: a log that floods must not flood us. */
const mostBytes = 4_194_304;
/** How much of what stands there already is read at first, to know what is usual: of a busy log that is some minutes. */
const history = mostBytes;

const missing = (error: unknown): never => {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  if (code === 'ENOENT')
    throw new ProbeUnknown('no-file', 'The log file is not there; look at its path in the target.');
  if (code === 'EACCES' || code === 'EPERM')
    throw new ProbeUnknown('not-allowed', 'The log file may not be read by this user; give it the right to.');
  if (code === 'EISDIR' || code === 'ENOTDIR')
    throw new ProbeUnknown('no-file', 'The path of the log is not a file; name the file itself.');
  throw error;
};

const read = async (file: FileHandle, from: number, to: number): Promise<Buffer> => {
  const buffer = Buffer.allocUnsafe(Math.max(0, to - from));
  const { bytesRead } = await file.read(buffer, 0, buffer.length, from);
  return buffer.subarray(0, bytesRead);
};

/** The end of a log, from the first line that is whole. */
const tailOf = async (file: FileHandle, bytes: number): Promise<string> => {
  const { size } = await file.stat();
  const text = (await read(file, Math.max(0, size - bytes), size)).toString('utf8');
  return size > bytes ? text.slice(text.indexOf('\n') + 1) : text;
};

/** The end of the log that was moved away last, under the name that it most often gets; empty where there is none. */
const rotated = async (path: string, bytes: number): Promise<string> => {
  const file = await open(`${path}.1`, 'r').catch(() => null);
  if (file === null) return '';
  try {
    const text = (await file.stat()).isFile() ? await tailOf(file, bytes) : '';
    return text === '' || text.endsWith('\n') ? text : `${text}\n`;
  } finally {
    await file.close();
  }
};

/** A file that grows, is cut, or is moved away for a new one: by offset and inode, with nothing lost in between. */
export const fileSource = (path: string): LogSource => {
  let file: FileHandle | null = null;
  let decoder = new StringDecoder('utf8');
  let offset = 0;

  const rest = async (): Promise<Fresh> => {
    if (file === null) return { text: '', skipped: 0 };
    const { size } = await file.stat();
    // Cut to nothing and begun anew, as by copytruncate.
    if (size < offset) offset = 0;
    const from = Math.max(offset, size - mostBytes);
    const text = decoder.write(await read(file, from, size));
    const skipped = from - offset;
    offset = size;
    return { text, skipped };
  };
  const reopen = async (from: 'start' | 'history'): Promise<void> => {
    await file?.close();
    file = null;
    decoder = new StringDecoder('utf8');
    const opened = await open(path, 'r').catch(missing);
    const stats = await opened.stat();
    if (!stats.isFile()) {
      await opened.close();
      throw new ProbeUnknown('no-file', 'The path of the log is not a file; name the file itself.');
    }
    file = opened;
    offset = from === 'start' ? 0 : Math.max(0, stats.size - history);
  };

  return {
    fresh: async () => {
      if (file === null) {
        await reopen('history');
        const whole = offset === 0;
        const begun = await rest();
        // A log that was rotated a minute ago is no log of a minute.
        const before = whole ? await rotated(path, history - offset) : '';
        return { ...begun, text: before + begun.text };
      }
      const kept = await file.stat();
      const named = await open(path, 'r').catch(missing);
      const now = await named.stat();
      await named.close();
      const before = await rest();
      if (now.ino === kept.ino && now.dev === kept.dev) return before;
      await reopen('start');
      const after = await rest();
      return {
        text: `${before.text}${before.text === '' || before.text.endsWith('\n') ? '' : '\n'}${after.text}`,
        skipped: before.skipped + after.skipped,
      };
    },
    close: async () => {
      await file?.close();
      file = null;
    },
  };
};

/** A program that goes on and on, such as "kubectl logs --follow". It is started again when it has ended. */
export const commandSource = (spec: CommandSpec): LogSource => {
  let child: ChildProcess | null = null;
  let texts: string[] = [];
  let size = 0;
  let skipped = 0;
  let last = '';
  let ended: string | null = null;

  const begin = (): void => {
    const started = start(spec);
    const decoder = new StringDecoder('utf8');
    child = started;
    ended = null;
    started.stdin?.on('error', () => {}).end();
    started.stdout?.on('data', (chunk: Buffer) => {
      size += chunk.length;
      if (size <= mostBytes) texts.push(decoder.write(chunk));
      else skipped += chunk.length;
    });
    started.stderr?.on('data', (chunk: Buffer) => (last = chunk.toString('utf8').trim().split('\n').at(-1) ?? ''));
    started.on('error', () => (ended = `There is no program "${masked(spec.argv[0], [], 80)}" on this machine.`));
    started.on(
      'close',
      (exit) =>
        (ended ??= `The program that streams the log ended with exit code ${exit ?? 'none'}${last === '' ? '' : `: ${masked(last, [], 160)}`}.`),
    );
  };

  return {
    fresh: () => {
      if (child === null) begin();
      const fresh = { text: texts.join(''), skipped };
      [texts, size, skipped] = [[], 0, 0];
      if (ended === null || fresh.text !== '') return Promise.resolve(fresh);
      const why = ended;
      begin();
      return Promise.reject(new ProbeUnknown('stream-ended', `${why} It is started again.`));
    },
    close: () => {
      if (child !== null) killGroup(child);
      child = null;
      return Promise.resolve();
    },
  };
};
