import { createHash } from 'node:crypto';

/** What stands before the first event. */
export const genesis = '0'.repeat(64);

const tag = Buffer.from('war-room event v1\n');

/** An entry as it is stored: `body` and `by` are canonical JSON (RFC 8785), hashes hex SHA-256. */
export type Row = {
  readonly seq: number;
  readonly at: number;
  readonly run_id: string;
  readonly type: string;
  readonly body: string;
  readonly by: string;
  readonly prev_hash: string;
  readonly hash: string;
};

/**
 * The hash of an entry: SHA-256 over the tag, the 32 bytes before it and the entry as canonical JSON. The members are
 * named in their canonical order and `body` and `by` are canonical already, so that nothing has to be parsed again.
 */
export const hashOf = ({ seq, at, run_id, type, body, by, prev_hash }: Omit<Row, 'hash'>): string =>
  createHash('sha256')
    .update(tag)
    .update(prev_hash, 'hex')
    .update(
      `{"at":${at},"body":${body},"by":${by},"runId":${JSON.stringify(run_id)},"seq":${seq},"type":${JSON.stringify(type)}}`,
    )
    .digest('hex');

/** A head that was kept elsewhere: on a printed sheet, in a notice. */
export type Anchor = { readonly seq: number; readonly hash: string };
