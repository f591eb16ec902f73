import { createHash } from 'node:crypto';
import { stripVTControlCharacters } from 'node:util';
import { masked } from '../probes/mask.ts';

/** What a program says, in bounded memory however much that is: its beginning, its end, and the hash of all of it. */
export type Output = {
  readonly take: (chunk: Buffer) => void;
  readonly size: () => number;
  /** The end so far, masked. */
  readonly tail: () => { readonly text: string; readonly cut: boolean };
  /** What is kept as evidence: masked, and where it was long without its middle. */
  readonly kept: () => string;
  readonly sha256: () => string;
};

const headBytes = 64 * 1024;
const tailBytes = 192 * 1024;
const shownBytes = 64 * 1024;

/** The second half of a key whose first line lies in what was cut away. */
const endOfKey = /^(?:(?!-----BEGIN)[\s\S])*?-----END [A-Z ]*PRIVATE KEY-----/u;

const shown = (bytes: Buffer, secrets: readonly string[], cut: boolean): string => {
  const text = stripVTControlCharacters(bytes.toString('utf8')).replaceAll(/\r\n?/gu, '\n');
  // A cut may stand in the middle of a line or a character.
  const whole = cut ? text.slice(text.indexOf('\n') + 1).replace(endOfKey, '•••') : text;
  return masked(whole, secrets, 400_000);
};

export const openOutput = (secrets: readonly string[]): Output => {
  const hash = createHash('sha256');
  const head: Buffer[] = [];
  const tail: Buffer[] = [];
  let headSize = 0;
  let tailSize = 0;
  let size = 0;
  let digest: string | null = null;
  const ending = (): Buffer => {
    const all = Buffer.concat(size <= headBytes + tailSize ? [...head, ...tail] : tail);
    return all.subarray(Math.max(0, all.length - tailBytes));
  };
  return {
    take: (chunk) => {
      hash.update(chunk);
      size += chunk.length;
      const first = chunk.subarray(0, Math.max(0, headBytes - headSize));
      if (first.length > 0) head.push(Buffer.from(first));
      headSize += first.length;
      const rest = chunk.subarray(first.length);
      if (rest.length === 0) return;
      tail.push(Buffer.from(rest));
      tailSize += rest.length;
      for (let oldest = tail[0]; oldest !== undefined && tailSize - oldest.length >= tailBytes; oldest = tail[0]) {
        tail.shift();
        tailSize -= oldest.length;
      }
    },
    size: () => size,
    tail: () => {
      const bytes = ending().subarray(-shownBytes);
      const text = shown(bytes, secrets, bytes.length < size);
      return { text, cut: bytes.length < size };
    },
    kept: () => {
      const left = size - headSize - tailSize;
      if (left <= 0) return shown(Buffer.concat([...head, ...tail]), secrets, false);
      const first = shown(Buffer.concat(head), secrets, false);
      return `${first}\n… ${left} bytes left out …\n${shown(Buffer.concat(tail), secrets, true)}`;
    },
    sha256: () => (digest ??= hash.digest('hex')),
  };
};
