import { readdirSync, statSync } from 'node:fs';
import { release, totalmem, freemem } from 'node:os';
import { join } from 'node:path';
import { formatBytes } from '../shared/format.ts';
import type { LogFile } from './log-file.ts';
import { masked } from './probes/mask.ts';
import type { Rooms } from './room/rooms.ts';
import type { Secrets } from './secrets.ts';
import type { Database } from './store/database.ts';

type Deps = {
  readonly version: string;
  readonly database: Database;
  readonly rooms: Rooms;
  readonly secrets: Secrets;
  readonly log: LogFile;
};

const tailLines = 200;

const runtime = (): string =>
  ['electron', 'chrome', 'node', 'v8']
    .flatMap((name) => (process.versions[name] === undefined ? [] : `${name} ${process.versions[name]}`))
    .join(', ');

const sizes = (dataDir: string): string =>
  readdirSync(dataDir, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => `  ${entry.name}: ${formatBytes(statSync(join(dataDir, entry.name)).size)}`)
    .join('\n');

/** What somebody who helps needs to know of this War Room: no secret, no value of a target, no word of a checklist. */
export const diagnosticsOf = async ({ version, database, rooms, secrets, log }: Deps): Promise<string> => {
  const sqlite = String(database.sql.prepare('SELECT sqlite_version()').pluck().get());
  const events = Number(database.sql.prepare('SELECT max(seq) FROM events').pluck().get() ?? 0);
  const list = rooms.list();
  const { kept } = await secrets.where();
  const open = rooms.all().map((room) => {
    const { probes, items } = { probes: Object.values(room.context.target.probes), items: room.checklist().items };
    const kinds = [...new Set(probes.map(({ kind }) => kind))].toSorted().join(', ');
    return `  ${room.context.runId}: ${items.length} items, ${probes.length} probes (${kinds})`;
  });
  const text = [
    `War Room ${version}`,
    `${process.platform} ${process.arch} ${release()}, ${runtime()}, SQLite ${sqlite}`,
    `Memory: ${formatBytes(process.memoryUsage().rss)} resident; ${formatBytes(freemem())} of ${formatBytes(totalmem())} free`,
    `History: ${events} events, ${list.length} runs, ${open.length} open`,
    ...open,
    `Secrets: ${(await secrets.names()).length} kept in ${kept}`,
    'Files:',
    sizes(database.dataDir),
    `Log, newest ${tailLines} lines:`,
    ...log.tail(tailLines),
  ];
  return text.map((line) => masked(line)).join('\n');
};
