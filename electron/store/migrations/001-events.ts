/**
 * The history. Nothing can change or remove an entry, and each must continue the chain, whoever writes: `body` and `by`
 * are canonical JSON, hashes are hex SHA-256.
 */
export const events = `
CREATE TABLE events (
  seq INTEGER PRIMARY KEY,
  at INTEGER NOT NULL,
  run_id TEXT NOT NULL,
  type TEXT NOT NULL,
  body TEXT NOT NULL,
  by TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
CREATE INDEX events_of_run ON events (run_id, seq);
CREATE INDEX events_of_type ON events (type, run_id, seq);
CREATE TRIGGER events_never_change BEFORE UPDATE ON events
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER events_continue BEFORE INSERT ON events
  WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM events)
  OR NEW.prev_hash IS NOT coalesce((SELECT hash FROM events WHERE seq = NEW.seq - 1), '${'0'.repeat(64)}')
  BEGIN SELECT RAISE(ABORT, 'an event must continue the chain'); END;
`;
