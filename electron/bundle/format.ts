import { Buffer } from 'node:buffer';
import { createHash } from 'node:crypto';
import { z } from 'zod';

/** A bundle is a zip; `manifest.json` in it says what else there is. */
export const newest = 1;

const anchor = z.object({ seq: z.number().int().positive(), hash: z.string().length(64) });

export const manifestSchema = z.object({
  format: z.literal('war-room bundle'),
  /** Of this layout; a newer one is refused with a sentence. */
  version: z.number().int().positive(),
  app: z.string(),
  run: z.object({
    id: z.string().regex(/^[\w\-]{1,64}$/v),
    title: z.string(),
    service: z.string(),
    environment: z.enum(['practice', 'development', 'staging', 'production']),
    release: z.string(),
    practice: z.boolean(),
    items: z.number().int(),
    settled: z.number().int(),
    startedAt: z.number(),
    startedBy: z.string(),
    closedAt: z.number().nullable(),
    outcome: z.string().nullable(),
    ended: z.string().nullable(),
  }),
  /** The entry that sealed the bundle: what a printed head is compared with. */
  head: anchor,
  madeAt: z.number(),
  /** Documents in which a credential was blotted out when the bundle was made, by the hash of their real bytes. */
  masked: z.array(z.string()).default([]),
  /** Every other file by its name, with its bytes and their hex SHA-256. */
  files: z.record(z.string(), z.object({ bytes: z.number().int(), sha256: z.string().length(64) })),
});
export type Manifest = z.output<typeof manifestSchema>;

export const hashOfBytes = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** For whoever unpacks it without War Room. */
export const readme = `This is a deployment run, as War Room kept it.

run.md          the checklist with what was ticked, filled in and decided
events.jsonl    every entry of the run in order, chained by SHA-256; entries of other runs between them as hashes alone
sheets/         the record, the sign-off sheet and the rollback card, as PDF or as pages that any browser opens and prints
samples.jsonl   the numbers that the probes brought, by series: [UTC epoch ms, value]
pictures/       the room as it looked, by SHA-256
documents/      the checklist, the target and what else the entries name, by SHA-256
manifest.json   what belongs to the bundle, with a hash of each

"war-room verify FILE" walks the chain and says whether anything was changed; the head on a printed sheet shows that the
end is the one that was printed.
`;

/** A zip ends with the length of its comment and the comment. Ours is the hash of everything before it. */
const commentBytes = 64;

/** The zip with its seal: not against forgers, whom the chain holds, but so that no byte of it changes unnoticed. */
export const sealed = (zip: Buffer): Buffer => {
  const body = Buffer.from(zip);
  body.writeUInt16LE(commentBytes, body.length - 2);
  return Buffer.concat([body, Buffer.from(hashOfBytes(body))]);
};

export const isAsSealed = (zip: Buffer): boolean =>
  zip.length > commentBytes &&
  zip.subarray(-commentBytes).toString('latin1') === hashOfBytes(zip.subarray(0, -commentBytes));
