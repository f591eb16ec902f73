import Sqlite from 'better-sqlite3';
import { beforeEach, describe, expect, it } from 'vitest';
import { events } from './001-events.ts';
import { samples } from './002-samples.ts';
import { documents } from './003-documents.ts';
import { oneStart } from './004-one-start.ts';
import { notices } from './005-notices.ts';
import { pictures } from './006-pictures.ts';
import { rollups } from './007-rollups.ts';
import { removed } from './008-removed.ts';
import { maybe } from './009-maybe.ts';
import { migrations } from './index.ts';

let sql: Sqlite.Database;
beforeEach(() => {
  sql = new Sqlite(':memory:');
  return () => sql.close();
});

const genesis = '0'.repeat(64);
const first = `INSERT INTO events VALUES (1, 0, 'run', 'type', '{}', '{}', '${genesis}', 'h1')`;
const second = `INSERT INTO events VALUES (2, 0, 'run', 'type', '{}', '{}', 'h1', 'h2')`;

describe('the schema', () => {
  it('is all of its steps in order', () => {
    expect(migrations).toEqual([events, samples, documents, oneStart, notices, pictures, rollups, removed, maybe]);
  });

  it('001 takes events that continue the chain and never lets one change or go', () => {
    sql.exec(events);
    sql.exec(first);
    sql.exec(second);
    for (const statement of [
      'UPDATE events SET body = \'{"a":1}\' WHERE seq = 1',
      'DELETE FROM events WHERE seq = 2',
      'DELETE FROM events',
    ])
      expect(() => sql.exec(statement)).toThrow('append-only');
    for (const statement of [
      second,
      second.replace('(2', '(4').replace("'h1'", "'h2'"),
      second.replace('(2', '(3'),
      second.replace('INSERT', 'INSERT OR REPLACE'),
      second.replace('(2', '(-1'),
    ])
      expect(() => sql.exec(statement)).toThrow('continue the chain');
    expect(sql.prepare('SELECT seq FROM events').pluck().all()).toEqual([1, 2]);
  });

  it('002 keeps one number a series and moment', () => {
    sql.exec(samples);
    sql.exec("INSERT INTO series VALUES (1, 'run', 'latency')");
    expect(() => sql.exec("INSERT INTO series VALUES (2, 'run', 'latency')")).toThrow('UNIQUE');
    sql.exec('INSERT INTO samples VALUES (1, 10, 0.5)');
    expect(() => sql.exec('INSERT INTO samples VALUES (1, 10, 0.7)')).toThrow('UNIQUE');
    expect(() => sql.exec("INSERT INTO samples VALUES (1, 11, 'high')")).toThrow('REAL');
  });

  it('003 keeps a text once and never changes it', () => {
    sql.exec(documents);
    sql.exec("INSERT INTO documents VALUES ('abc', 'words')");
    expect(() => sql.exec("INSERT INTO documents VALUES ('abc', 'other')")).toThrow('UNIQUE');
    expect(() => sql.exec("UPDATE documents SET text = 'other'")).toThrow('never change');
  });

  it('007 keeps one row a series, span and moment', () => {
    sql.exec(rollups);
    const row = 'INSERT INTO rollups VALUES (1, 60000, 120000, 2, 3.5, 1, 120001, 2.5, 120002)';
    sql.exec(row);
    expect(() => sql.exec(row)).toThrow('UNIQUE');
    sql.exec(row.replace('60000', '3600000'));
    expect(() => sql.exec("INSERT INTO rolled VALUES (1, 'late')")).toThrow('INTEGER');
  });

  it('004 lets a key, and a rollback, start once', () => {
    sql.exec(events);
    sql.exec(oneStart);
    const confirmed = (seq: number, rollback: string, key: string, type = 'rollback-confirmed') =>
      `INSERT INTO events VALUES (${seq}, 0, 'run', '${type}', '{"key":"${key}","rollback":"${rollback}"}', '{}',
        '${seq === 1 ? genesis : `h${seq - 1}`}', 'h${seq}')`;
    sql.exec(confirmed(1, 'a', 'k1'));
    expect(() => sql.exec(confirmed(2, 'b', 'k1'))).toThrow('UNIQUE');
    expect(() => sql.exec(confirmed(2, 'a', 'k2'))).toThrow('UNIQUE');
    sql.exec(confirmed(2, 'b', 'k2'));
    sql.exec(confirmed(3, 'a', 'k1', 'rollback-armed'));
  });

  it('005 keeps a notice by its key for ever, and drafts nothing for what was before', () => {
    sql.exec(events);
    sql.exec(first);
    sql.exec(second);
    sql.exec(notices);
    expect(sql.prepare('SELECT * FROM notice_cursors').all()).toEqual([{ run_id: 'run', seq: 2 }]);
    const drafted = `INSERT INTO notices (key, run_id, lane, channel, subject, urgent, message, state, created_at, changed_at)
      VALUES ('k', 'run', 'l', '{}', 's', 0, '{}', 'drafted', 1, 1)`;
    sql.exec(drafted);
    expect(() => sql.exec(drafted)).toThrow('UNIQUE');
    expect(() => sql.exec('DELETE FROM notices')).toThrow('never removed');
    expect(() => sql.exec("UPDATE notices SET state = 'gone'")).toThrow('CHECK');
  });

  it('006 keeps a picture once and never changes it', () => {
    sql.exec(pictures);
    sql.exec("INSERT INTO pictures VALUES ('abc', x'89504e47')");
    expect(() => sql.exec("INSERT INTO pictures VALUES ('abc', x'00')")).toThrow('UNIQUE');
    expect(() => sql.exec("UPDATE pictures SET png = x'00'")).toThrow('never change');
  });

  it('008 lets an entry go only once its place is kept, which then never changes', () => {
    for (const step of migrations) sql.exec(step);
    sql.exec(first);
    sql.exec("INSERT INTO removed VALUES (1, 'run', 'another', 'h1')");
    expect(() => sql.exec('DELETE FROM events WHERE seq = 1')).toThrow('append-only');
    for (const statement of ["UPDATE removed SET hash = 'h2'", 'DELETE FROM removed'])
      expect(() => sql.exec(statement)).toThrow(/never/u);
    sql.exec(second);
    sql.exec("INSERT INTO removed VALUES (2, 'run', 'h1', 'h2')");
    sql.exec('DELETE FROM events WHERE seq = 2');
    expect(sql.prepare('SELECT seq FROM events').pluck().all()).toEqual([1]);
  });

  it('009 trusts no notice that was tried before to be surely not there', () => {
    sql.exec(events);
    sql.exec(notices);
    for (const [key, state, attempts] of [
      ['new', 'queued', 0],
      ['tried', 'queued', 2],
      ['cut', 'sending', 1],
      ['out', 'sent', 1],
    ] as const)
      sql.exec(`INSERT INTO notices (key, run_id, lane, channel, subject, urgent, message, state, created_at, changed_at, attempts)
        VALUES ('${key}', 'run', 'l', '{}', 's', 0, '{}', '${state}', 1, 1, ${attempts})`);
    sql.exec(maybe);
    expect(sql.prepare('SELECT key FROM notices WHERE maybe = 1 ORDER BY id').pluck().all()).toEqual(['tried', 'cut']);
  });
});
