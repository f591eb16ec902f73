import { Buffer } from 'node:buffer';
import { crc32 } from 'node:zlib';
import { WarRoomError } from '../../shared/errors.ts';

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const mostBytes = 8 * 1024 * 1024;
const longestSide = 16_384;

const refuse = (why: string): never => {
  throw new WarRoomError('bad-input', `That is no picture that can be kept: ${why}.`);
};

/**
 * Checks that bytes are one whole PNG (W3C, third edition): signature, a header with bearable sides, every chunk with its
 * checksum up to the end and nothing after it. Throws bad-input; answers its width and height.
 */
export const readPng = (png: Buffer): { readonly width: number; readonly height: number } => {
  if (png.length > mostBytes) refuse('it is larger than 8 MiB');
  if (!png.subarray(0, 8).equals(signature)) refuse('it is not a PNG');
  let [at, width, height, data] = [8, 0, 0, 0];
  for (let kind = ''; kind !== 'IEND';) {
    if (at + 12 > png.length) refuse('it ends too early');
    const length = png.readUInt32BE(at);
    const end = at + 12 + length;
    if (end > png.length) refuse('it ends too early');
    kind = png.toString('latin1', at + 4, at + 8);
    if (crc32(png.subarray(at + 4, end - 4)) !== png.readUInt32BE(end - 4)) refuse('a part of it is damaged');
    if (at === 8) {
      if (kind !== 'IHDR' || length !== 13) refuse('it has no header');
      [width, height] = [png.readUInt32BE(at + 8), png.readUInt32BE(at + 12)];
    }
    if (kind === 'IDAT') data += length;
    at = end;
  }
  if (at !== png.length) refuse('something follows its end');
  if (data === 0 || width < 1 || height < 1 || width > longestSide || height > longestSide)
    refuse(`it is ${width} × ${height}`);
  return { width, height };
};
