import { setImmediate as breathe } from 'node:timers/promises';
import type { Hit } from '../../shared/audit/contract.ts';
import type { RunId } from '../../shared/events.ts';
import { itemsOf } from '../../shared/runbook/walk.ts';
import type { FrozenRuns } from '../room/frozen.ts';
import type { Row } from '../store/chain.ts';
import type { Database } from '../store/database.ts';

const most = 200;
/** Entries that hold words of people; readings by the thousand do not. */
const kinds: Readonly<Record<string, Hit['kind']>> = {
  'item-noted': 'note',
  'item-ticked': 'value',
  'field-filled': 'value',
  'round-answered': 'value',
  'item-overridden': 'reason',
  'item-deferred': 'reason',
  'item-waived': 'reason',
  'item-unticked': 'reason',
  'item-reopened': 'reason',
  'gate-voted': 'reason',
  'gate-decided': 'reason',
  't0-corrected': 'reason',
  'rollback-proposed': 'reason',
  'run-closed': 'reason',
};

const wordsOf = (body: Readonly<Record<string, unknown>>): string =>
  String(body['text'] ?? body['reason'] ?? body['value'] ?? '');

/** The words of items, run by run: a document that many runs share is read once. */
const itemHits = async (frozen: FrozenRuns, runs: readonly Row[], words: string): Promise<readonly Hit[]> => {
  const found = new Map<string, readonly string[]>();
  const hits: Hit[] = [];
  for (const { run_id, body, at } of runs) {
    const { runbook, service, release } = JSON.parse(body);
    const known = found.get(runbook.sha256);
    const texts =
      known ??
      (await frozen.contextOf(run_id as RunId).then(
        (context) =>
          itemsOf(context.runbook)
            .map(({ text }) => text)
            .filter((text) => text.toLowerCase().includes(words)),
        // A run whose document is damaged has no words to find; opening it says why.
        (): readonly string[] => [],
      ));
    found.set(runbook.sha256, texts);
    for (const text of texts)
      hits.push({ runId: run_id as RunId, run: `${service} ${release}`, at, seq: null, kind: 'item', text });
    if (hits.length >= most) break;
    await breathe();
  }
  return hits;
};

/** Words of people and of documents over all runs of this desk, newest first, at most 200. */
export const searchRuns = async ({ sql }: Database, frozen: FrozenRuns, asked: string): Promise<readonly Hit[]> => {
  const words = asked.toLowerCase();
  const runs = sql.prepare<[], Row>("SELECT * FROM events WHERE type = 'run-started' ORDER BY seq DESC").all();
  const names = new Map(
    runs.map(({ run_id, body }) => {
      const { service, release } = JSON.parse(body);
      return [run_id, `${service} ${release}`];
    }),
  );
  const places = Object.keys(kinds).map(() => '?');
  // Found by type over the index, so that a year of readings is not looked through; the words are compared unescaped.
  const rows = sql.prepare<string[], Row>(
    `SELECT * FROM events WHERE type IN (${places.join(', ')}) ORDER BY seq DESC`,
  );
  const said: Hit[] = [];
  for (const row of rows.all(...Object.keys(kinds))) {
    const text = wordsOf(JSON.parse(row.body));
    if (!text.toLowerCase().includes(words)) continue;
    const { run_id, at, seq, type } = row;
    said.push({ runId: run_id as RunId, run: names.get(run_id) ?? '', at, seq, kind: kinds[type] ?? 'note', text });
    if (said.length >= most) break;
  }
  return [...said, ...(await itemHits(frozen, runs, words))].slice(0, most);
};
