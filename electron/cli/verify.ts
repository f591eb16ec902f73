import { existsSync, readFileSync, statSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { headIn } from '../../shared/audit/head.ts';
import { WarRoomError } from '../../shared/errors.ts';
import { readBundle, verifyBundle } from '../bundle/read.ts';
import type { Anchor } from '../store/chain.ts';
import { defaultDataDir } from '../store/data-dir.ts';
import { databaseIn } from '../store/database.ts';
import { openToRead } from '../store/snapshot.ts';
import { verifyHistory } from '../store/verify.ts';
import type { Verification } from '../store/verify.ts';
import { argumentFault } from './arguments.ts';
import type { CliIo } from './check.ts';

const usage = 'Usage: war-room verify DATA|BUNDLE|"LINE OF A SHEET" [--head SEQ:HASH]… [--data DIR] [--json]\n';

type Asked = { readonly what: string; readonly anchors: readonly Anchor[]; readonly json: boolean };

const anchorOf = (text: string): Anchor => {
  const head = headIn(text);
  if (head === null) throw new Error(`"${text}" is no head: write it as SEQ:HASH, as it is printed`);
  return head;
};

/** Why the arguments can't be used, or what they ask for. */
const readArguments = (argv: readonly string[]): Asked | string => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: {
        json: { type: 'boolean', default: false },
        head: { type: 'string', multiple: true, default: [] },
        data: { type: 'string' },
      },
    });
    const [what] = positionals;
    if (what === undefined || positionals.length > 1)
      return 'Name one data folder, one bundle, or the line of one sheet (in quotes).';
    const anchors = values.head.map(anchorOf);
    if (existsSync(what) || !what.startsWith('war-room/')) return { what: resolve(what), anchors, json: values.json };
    // A sheet is compared with the history that it was printed from.
    const head = headIn(what);
    if (head === null) return 'This sheet was printed without a run: it has no head to compare.';
    return { what: resolve(values.data ?? defaultDataDir()), anchors: [...anchors, head], json: values.json };
  } catch (cause) {
    return argumentFault(cause);
  }
};

const inWords = (found: Verification): string =>
  found.ok
    ? `${found.entries} entries hold. Head ${found.head.seq}:${found.head.hash}\n`
    : `${found.sentence} The first bad entry is ${found.seq}.\n`;

const verify = async ({ what, anchors }: Asked): Promise<Verification> => {
  if (existsSync(what) && statSync(what).isFile()) return verifyBundle(await readBundle(readFileSync(what)), anchors);
  if (!existsSync(databaseIn(what))) throw new WarRoomError('not-found', `There is no history in "${what}".`);
  const database = openToRead(what);
  try {
    return await verifyHistory(database, { anchors });
  } finally {
    database.close();
  }
};

/**
 * `war-room verify`: walks the chain of a history or of a bundle, and compares it with heads that were printed or sent.
 * Ends with 0 where all of it holds, 1 where it does not, 2 when the arguments or the file can't be used.
 */
export const runVerify = async (argv: readonly string[], io: CliIo): Promise<number> => {
  const asked = readArguments(argv);
  if (typeof asked === 'string') {
    io.err(`${asked}\n${usage}`);
    return 2;
  }
  try {
    const found = await verify(asked);
    io.out(asked.json ? `${JSON.stringify(found)}\n` : inWords(found));
    return found.ok ? 0 : 1;
  } catch (cause) {
    if (!(cause instanceof WarRoomError)) throw cause;
    // A bundle whose bytes were changed was opened, and does not hold.
    if (cause.code === 'corrupt' && asked.json) io.out(`${JSON.stringify({ ok: false, sentence: cause.message })}\n`);
    io.err(`${cause.message}\n`);
    return cause.code === 'corrupt' ? 1 : 2;
  }
};
