import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fc } from '../../shared/fixtures/properties.ts';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Actor, NewEvent, RecordedEvent, RunId } from '../../shared/events.ts';
import type { ItemId } from '../../shared/runbook/model.ts';
import { openDatabase } from './database.ts';
import type { Database } from './database.ts';
import { openEventLog } from './event-log.ts';
import type { EventLog } from './event-log.ts';

const run = 'run-1' as RunId;
const other = 'run-2' as RunId;
const ada: Actor = { kind: 'person', name: 'Ada', role: null, via: 'desk' };
const note = (text: string): NewEvent => ({ type: 'item-noted', body: { item: null, text } });
const tick = (item: string): NewEvent => ({ type: 'item-ticked', body: { item: item, value: null } });

let dir: string;
let database: Database;
let now: number;
let faults: unknown[];
let log: EventLog;
const open = (): void => {
  database = openDatabase(dir);
  log = openEventLog(
    database,
    { now: () => now, monotonic: () => 0 },
    { info: () => undefined, error: (_, cause) => faults.push(cause) },
  );
};
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-log-'));
  now = 1_700_000_000_000;
  faults = [];
  open();
});
afterEach(() => {
  database.close();
  rmSync(dir, { recursive: true, force: true });
});

describe('the event log', () => {
  it('numbers all runs densely, keeps who and when, and reads a run from a cursor', () => {
    log.append(run, ada, [note('one'), note('two')]);
    log.append(other, { kind: 'app' }, [note('elsewhere')]);
    now += 5.4;
    log.append(run, { kind: 'probe', probe: 'health' }, [note('three')]);
    expect(log.read(run, 0).map(({ seq, at, by }) => [seq, at, by.kind])).toEqual([
      [1, 1_700_000_000_000, 'person'],
      [2, 1_700_000_000_000, 'person'],
      [4, 1_700_000_000_005, 'probe'],
    ]);
    expect(log.read(run, 1, 1).map((event) => event.seq)).toEqual([2]);
    expect(log.read(run, 4)).toEqual([]);
    expect(log.read(other, 0)[0]).toMatchObject({ seq: 3, runId: other, body: { item: null, text: 'elsewhere' } });
    expect(log.head()).toEqual({ seq: 4, hash: log.read(run, 2)[0]?.hash });
  });

  it('answers what it appended exactly as it reads it later, also after a restart', () => {
    const written = log.append(run, ada, [note('a "quoted" line\nand ☃'), tick('say-hello')]);
    expect(log.read(run, 0)).toEqual(written);
    database.close();
    open();
    expect(log.read(run, 0)).toEqual(written);
    expect(log.append(run, ada, [note('on')])[0]).toMatchObject({ seq: 3, prevHash: written[1]?.hash });
  });

  it('finds events by type', () => {
    log.append(run, ada, [note('one'), tick('a'), note('two')]);
    log.append(other, ada, [tick('b')]);
    expect(log.ofType('item-ticked').map((event) => event.body.item)).toEqual(['a', 'b']);
    expect(log.last(run, 'item-noted')?.body.text).toBe('two');
    expect(log.last(other, 'item-noted')).toBeNull();
  });

  it('hashes SHA-256 over the tag, the hash before and the entry as canonical JSON', () => {
    const [event] = log.append(run, ada, [note('x')]);
    const text = `{"at":1700000000000,"body":{"item":null,"text":"x"},"by":{"kind":"person","name":"Ada","role":null,"via":"desk"},"runId":"run-1","seq":1,"type":"item-noted"}`;
    const hash = createHash('sha256').update('war-room event v1\n').update(Buffer.alloc(32)).update(text).digest('hex');
    expect(event).toMatchObject({ prevHash: '0'.repeat(64), hash });
  });

  it('writes any words and gets the same words back', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1, maxLength: 200 }), (text) => {
        const [event] = log.append(run, ada, [note(text)]);
        expect(event?.body).toEqual({ item: null, text });
        expect(log.read(run, (event?.seq ?? 0) - 1)).toEqual([event]);
      }),
      { numRuns: 200 },
    );
  });

  it('appends all or none', () => {
    log.append(run, ada, [note('one')]);
    const wrong = { type: 'item-overridden', body: { item: 'x' as ItemId, reason: 'short' } } as const;
    expect(() => log.append(run, ada, [note('two'), wrong])).toThrow('at least 10 characters');
    expect(() => log.append(run, ada, [note('half \ud800 a pair')])).toThrow('half a character');
    expect(log.head().seq).toBe(1);
    expect(log.append(run, ada, [])).toEqual([]);
    expect(log.append(run, ada, [note('two')])[0]?.seq).toBe(2);
  });

  it('says that the disk is full, keeps what was there and goes on once there is room', () => {
    log.append(run, ada, [note('one')]);
    database.sql.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    const pages = Number(database.sql.pragma('page_count', { simple: true }));
    database.sql.pragma(`max_page_count = ${pages}`);
    const heard: number[] = [];
    log.listen((events) => heard.push(...events.map((event) => event.seq)));
    const long = Array.from({ length: 20 }, () => note('words '.repeat(3_000)));
    expect(() => log.append(run, ada, long)).toThrow('is full; nothing was written');
    expect(heard).toEqual([]);
    expect(log.read(run, 0)).toHaveLength(1);
    database.sql.pragma('max_page_count = 1000000');
    log.append(run, ada, long);
    expect(heard).toEqual(Array.from({ length: 20 }, (_, index) => index + 2));
  });

  it('keeps its order when the clock jumps', () => {
    for (const jump of [0, -86_400_000, 3_600_000, -1_000, 86_400_000]) {
      now += jump;
      log.append(run, ada, [note(String(jump))]);
    }
    const events = log.read(run, 0);
    expect(events.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5]);
    expect(events.map((event) => event.at - (events[0]?.at ?? 0))).toEqual([
      0, -86_400_000, -82_800_000, -82_801_000, 3_599_000,
    ]);
  });
});

describe('listeners', () => {
  const heardBy = (): RecordedEvent[] => {
    const heard: RecordedEvent[] = [];
    log.listen((events) => heard.push(...events));
    return heard;
  };

  it('hear of a batch only when it is on disk', () => {
    const found: number[] = [];
    log.listen((events) => found.push(log.read(run, (events[0]?.seq ?? 0) - 1).length));
    log.append(run, ada, [note('one'), note('two')]);
    expect(found).toEqual([2]);
    expect(database.sql.inTransaction).toBe(false);
  });

  it('are not starved by one that throws, and the fault is logged', () => {
    const before = heardBy();
    log.listen(() => {
      throw new Error('broken');
    });
    const after = heardBy();
    log.append(run, ada, [note('one')]);
    log.append(run, ada, [note('two')]);
    expect([before.length, after.length, faults.length]).toEqual([2, 2, 2]);
  });

  it('all hear every batch once and in order, also when one of them appends', () => {
    log.listen((events) => {
      for (const event of events)
        if (event.type === 'item-ticked') log.append(run, { kind: 'app' }, [note(`saw ${event.body.item}`)]);
    });
    const heard = heardBy();
    log.append(run, ada, [tick('a'), tick('b')]);
    log.append(run, ada, [tick('c')]);
    expect(heard.map((event) => event.seq)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(heard).toEqual(log.read(run, 0));
  });

  it('hear nothing more once they left, even from a batch in delivery', () => {
    const heard: number[] = [];
    let leave = (): void => undefined;
    log.listen(() => leave());
    const late = log.listen((events) => heard.push(events.length));
    log.append(run, ada, [note('one')]);
    leave = late;
    log.append(run, ada, [note('two')]);
    log.append(run, ada, [note('three')]);
    expect(heard).toEqual([1]);
  });

  it('are never told from inside a transaction', () => {
    expect(() => database.sql.transaction(() => log.append(run, ada, [note('one')]))()).toThrow(
      'inside another transaction',
    );
    expect(log.head().seq).toBe(0);
  });
});
