import { Buffer } from 'node:buffer';
import { buffer } from 'node:stream/consumers';
import yauzl from 'yauzl';
import type { Entry, ZipFile } from 'yauzl';
import { z } from 'zod';
import { WarRoomError } from '../../shared/errors.ts';
import type { Anchor, Row } from '../store/chain.ts';
import type { Sealed } from '../store/sealed.ts';
import { createWalk } from '../store/walk.ts';
import type { Verification } from '../store/verify.ts';
import { hashOfBytes, isAsSealed, manifestSchema, newest } from './format.ts';
import type { Manifest } from './format.ts';

export type OpenedBundle = {
  readonly manifest: Manifest;
  readonly entries: readonly (Row | Sealed)[];
  readonly samples: readonly { readonly series: string; readonly points: readonly (readonly [number, number])[] }[];
  /** By the hash that the entries name; one that was masked has other bytes than that. */
  readonly texts: ReadonlyMap<string, string>;
  readonly pictures: ReadonlyMap<string, Buffer>;
};

const mostFiles = 2_000;
/** Unpacked, all together; more than a week's run of a thousand probes. */
const mostBytes = 512 * 1024 ** 2;
const manifestBytes = 4 * 1024 ** 2;
const names =
  /^(?:manifest\.json|README\.txt|run\.md|events\.jsonl|samples\.jsonl|documents\/[\da-f]{64}|sheets\/[\w\-]+\.(?:pdf|html)|pictures\/[\da-f]{64}\.png)$/v;

const refuse = (what: string, cause?: unknown): WarRoomError =>
  new WarRoomError('bad-input', `This bundle can't be opened: ${what}`, { cause });
const damaged = (what: string, cause?: unknown): WarRoomError =>
  new WarRoomError('corrupt', `This bundle was changed since it was made: ${what}`, { cause });

/** Every entry of the zip, before a byte of one is unpacked: a bomb is told by what it says, and one that lies ends at its size. */
const listed = async (zip: ZipFile): Promise<ReadonlyMap<string, Entry>> => {
  const entries = new Map<string, Entry>();
  let bytes = 0;
  await new Promise<void>((resolve, reject) => {
    zip.on('error', (cause: Error) => reject(refuse(`its list of files does not hold (${cause.message}).`, cause)));
    zip.on('end', resolve);
    zip.on('entry', (entry: Entry) => {
      bytes += entry.uncompressedSize;
      if (!names.test(entry.fileName))
        return reject(refuse(`it holds "${entry.fileName.slice(0, 80)}", which is no part of one.`));
      if (entries.has(entry.fileName)) return reject(refuse(`it holds "${entry.fileName}" twice.`));
      if (bytes > mostBytes || entries.size >= mostFiles)
        return reject(refuse('it would unpack to more than 512 MiB.'));
      entries.set(entry.fileName, entry);
      return zip.readEntry();
    });
    zip.readEntry();
  });
  return entries;
};

const open = async (bytes: Buffer): Promise<ZipFile> => {
  try {
    return await yauzl.fromBufferPromise(bytes, { lazyEntries: true, validateEntrySizes: true, strictFileNames: true });
  } catch (cause) {
    throw refuse('it is no zip file, or its end is cut off.', cause);
  }
};

const unpack = async (zip: ZipFile, entry: Entry, most: number): Promise<Buffer> => {
  if (entry.uncompressedSize > most) throw refuse(`"${entry.fileName}" is too large.`);
  try {
    const stream = await zip.openReadStreamPromise(entry);
    return await buffer(stream);
  } catch (cause) {
    throw damaged(`"${entry.fileName}" does not unpack.`, cause);
  }
};

const json = (text: string, what: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw damaged(`${what} is not readable.`, cause);
  }
};

const manifestOf = (text: string): Manifest => {
  const raw = json(text, 'its manifest');
  const version = z.object({ format: z.literal('war-room bundle'), version: z.number() }).safeParse(raw);
  if (!version.success) throw refuse('its manifest is none of a War Room bundle.', version.error);
  if (version.data.version > newest)
    throw new WarRoomError(
      'newer-version',
      `This bundle was made by a newer War Room (layout ${version.data.version}; this one knows ${newest}). Update War Room to open it.`,
    );
  const manifest = manifestSchema.safeParse(raw);
  if (!manifest.success) throw damaged('its manifest lacks something.', manifest.error);
  return manifest.data;
};

const place = { seq: z.number().int(), prev_hash: z.string(), hash: z.string() };
const rowSchema = z.strictObject({
  ...place,
  at: z.number().int(),
  run_id: z.string(),
  type: z.string(),
  body: z.string(),
  by: z.string(),
});
const sealedSchema = z.strictObject(place).transform((own): Sealed => ({ ...own, run_id: '' }));
const lineSchema = z.union([rowSchema, sealedSchema]);
const seriesSchema = z.object({ series: z.string(), points: z.array(z.tuple([z.number(), z.number()])) });

const linesOf = <T>(text: string, schema: z.ZodType<T>, what: string): readonly T[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => {
      const parsed = schema.safeParse(json(line, `line ${at + 1} of ${what}`));
      if (parsed.success) return parsed.data;
      throw damaged(`line ${at + 1} of ${what} is not what it should be.`, parsed.error);
    });

/** The files of a folder, by the hash that each is called by. */
const named = (folder: string, files: ReadonlyMap<string, Buffer>): readonly (readonly [string, Buffer])[] =>
  [...files].flatMap(([name, own]) =>
    name.startsWith(folder) ? [[name.slice(folder.length).replace('.png', ''), own] as const] : [],
  );

/** Reads the manifest alone, for a list. Throws what `readBundle` throws. */
export const readManifest = async (bytes: Buffer): Promise<Manifest> => {
  const zip = await open(bytes);
  const entry = (await listed(zip)).get('manifest.json');
  if (entry === undefined) throw refuse('it has no manifest.');
  return manifestOf((await unpack(zip, entry, manifestBytes)).toString());
};

/**
 * Reads a bundle that may be anybody's: each file against the manifest's hash, nothing outside the manifest, nothing
 * written anywhere. Throws bad-input (no bundle), corrupt (changed), newer-version.
 */
export const readBundle = async (bytes: Buffer): Promise<OpenedBundle> => {
  const zip = await open(bytes);
  const entries = await listed(zip);
  const manifest = await readManifest(bytes);
  if (!isAsSealed(bytes)) throw damaged('its bytes are not those that were sealed.');
  const files = new Map<string, Buffer>();
  for (const [name, entry] of entries) {
    if (name === 'manifest.json') continue;
    const said = manifest.files[name];
    if (said === undefined) throw damaged(`"${name}" is not in its manifest.`);
    const own = await unpack(zip, entry, said.bytes);
    if (hashOfBytes(own) !== said.sha256) throw damaged(`"${name}" is not what was put into it.`);
    files.set(name, own);
  }
  const missing = Object.keys(manifest.files).find((name) => !files.has(name));
  if (missing !== undefined) throw damaged(`"${missing}" is missing.`);
  const text = (name: string): string => files.get(name)?.toString() ?? '';
  return {
    manifest,
    entries: linesOf(text('events.jsonl'), lineSchema, 'its entries'),
    samples: linesOf(text('samples.jsonl'), seriesSchema, 'its samples'),
    texts: new Map(named('documents/', files).map(([hash, own]) => [hash, own.toString()])),
    pictures: new Map(named('pictures/', files)),
  };
};

/** Walks the entries of a bundle, and compares them with heads that were kept elsewhere. */
export const verifyBundle = (
  { manifest, entries, texts, pictures }: OpenedBundle,
  anchors: readonly Anchor[] = [],
): Verification => {
  const [first] = entries;
  if (first === undefined || !('type' in first) || first.type !== 'run-started')
    return { ok: false, seq: first?.seq ?? 1, sentence: 'The bundle does not begin with the start of a run.' };
  const walk = createWalk({ seq: first.seq - 1, hash: first.prev_hash });
  const bad = walk.take(entries) ?? walk.end();
  if (bad !== null) return bad;
  const head = walk.at();
  const foreign = entries.find((entry) => 'type' in entry && entry.run_id !== manifest.run.id);
  if (foreign !== undefined)
    return { ok: false, seq: foreign.seq, sentence: `Entry ${foreign.seq} belongs to another run.` };
  if (head.seq !== manifest.head.seq || head.hash !== manifest.head.hash)
    return {
      ok: false,
      seq: head.seq + 1,
      sentence: `The bundle ends at entry ${head.seq}, its manifest says ${manifest.head.seq}.`,
    };
  const bytes = [...texts].map(([hash, text]): [string, Buffer] => [hash, Buffer.from(text)]);
  const other = [...bytes, ...pictures].find(
    ([hash, own]) => hashOfBytes(own) !== hash && !manifest.masked.includes(hash),
  );
  if (other !== undefined)
    return {
      ok: false,
      seq: first.seq,
      sentence: `A document that the entries name by ${other[0].slice(0, 12)}… is another one.`,
    };
  for (const anchor of anchors.toSorted((one, other) => one.seq - other.seq)) {
    const found = entries.find(({ seq }) => seq === anchor.seq)?.hash;
    if (found === undefined && anchor.seq > head.seq)
      return {
        ok: false,
        seq: head.seq + 1,
        sentence: `The bundle ends at entry ${head.seq}, but entry ${anchor.seq} was seen before.`,
      };
    if (found !== undefined && found !== anchor.hash)
      return { ok: false, seq: anchor.seq, sentence: `Entry ${anchor.seq} is not the one that was seen before.` };
  }
  return { ok: true, entries: walk.entries(), head };
};
