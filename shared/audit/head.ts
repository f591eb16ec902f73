import type { HeadNow } from './contract.ts';

const bare = /(?:^|\s|head=)(?<seq>\d{1,15}):(?<hash>[\da-f]{64})(?:\s|$)/u;

/** The audit head in what somebody typed or scanned: SEQ:HASH, or the line of a sheet's code. Null where there is none. */
export const headIn = (text: string): HeadNow | null => {
  const { seq, hash } = bare.exec(text.trim())?.groups ?? {};
  return seq === undefined || hash === undefined ? null : { seq: Number(seq), hash };
};
