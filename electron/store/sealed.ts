import { createHash } from 'node:crypto';

/** An entry whose words are not there: removed with its run, or another run's in a bundle. It still holds the chain together. */
export type Sealed = {
  readonly seq: number;
  /** The run that it belonged to; empty where that is nobody's business. */
  readonly run_id: string;
  readonly prev_hash: string;
  readonly hash: string;
};

const tag = 'war-room sealed v1\n';

/**
 * What an entry of the chain commits to, so that sealed entries can't be made up: SHA-256 over their numbers and hashes
 * in order. Without it, whoever changes an entry before a sealed one could give the sealed one any hash.
 */
export const digestOf = (entries: readonly Sealed[]): string => {
  const hash = createHash('sha256').update(tag);
  for (const { seq, prev_hash, hash: own } of entries) hash.update(`${seq} ${prev_hash} ${own}\n`);
  return hash.digest('hex');
};
