import { existsSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { WarRoomError } from '../../shared/errors.ts';
import type { Anchor } from '../store/chain.ts';
import { databaseIn, openDatabase } from '../store/database.ts';
import { verifyHistory } from '../store/verify.ts';
import type { Verification } from '../store/verify.ts';
import type { CliIo } from './check.ts';

const usage = 'Usage: war-room verify DATA [--head SEQ:HASH]… [--json]\n';

type Asked = { readonly dataDir: string; readonly anchors: readonly Anchor[]; readonly json: boolean };

const anchorOf = (text: string): Anchor => {
  const { seq = '', hash = '' } = /^(?<seq>\d{1,15}):(?<hash>[\da-f]{64})$/v.exec(text)?.groups ?? {};
  if (hash === '') throw new Error(`"${text}" is no head: write it as SEQ:HASH, as it is printed`);
  return { seq: Number(seq), hash };
};

/** Why the arguments can't be used, or what they ask for. */
const readArguments = (argv: readonly string[]): Asked | string => {
  try {
    const { values, positionals } = parseArgs({
      args: [...argv],
      allowPositionals: true,
      options: { json: { type: 'boolean', default: false }, head: { type: 'string', multiple: true, default: [] } },
    });
    const [dataDir] = positionals;
    if (dataDir === undefined || positionals.length > 1) return 'Name one data folder.';
    return { dataDir, anchors: values.head.map(anchorOf), json: values.json };
  } catch (cause) {
    return cause instanceof Error ? `${cause.message.split('. ')[0] ?? ''}.` : String(cause);
  }
};

const inWords = (found: Verification): string =>
  found.ok
    ? `${found.entries} entries hold. Head ${found.head.seq}:${found.head.hash}\n`
    : `${found.sentence} The first bad entry is ${found.seq}.\n`;

const verify = async ({ dataDir, anchors }: Asked): Promise<Verification> => {
  if (!existsSync(databaseIn(dataDir))) throw new WarRoomError('not-found', `There is no history in "${dataDir}".`);
  const database = openDatabase(dataDir);
  try {
    return await verifyHistory(database, { anchors });
  } finally {
    database.close();
  }
};

/**
 * `war-room verify`: walks the chain of a history, and compares it with heads that were printed or sent. Ends with 0
 * where all of it holds, 1 where it does not, 2 when the arguments or the folder can't be used.
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
    io.err(`${cause.message}\n`);
    return 2;
  }
};
