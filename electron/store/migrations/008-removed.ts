/**
 * Places of entries that went with their run: the one way for an entry to go is to leave its hashes here, and what lies
 * here never changes. Whether that was meant is for a later entry of the chain to say.
 */
export const removed = `
CREATE TABLE removed (
  seq INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  prev_hash TEXT NOT NULL,
  hash TEXT NOT NULL
) STRICT;
DROP TRIGGER events_never_go;
CREATE TRIGGER events_never_go BEFORE DELETE ON events
  WHEN NOT EXISTS (
    SELECT 1 FROM removed
    WHERE seq = OLD.seq AND run_id = OLD.run_id AND prev_hash = OLD.prev_hash AND hash = OLD.hash
  )
  BEGIN SELECT RAISE(ABORT, 'events are append-only'); END;
CREATE TRIGGER removed_never_change BEFORE UPDATE ON removed
  BEGIN SELECT RAISE(ABORT, 'removed places never change'); END;
CREATE TRIGGER removed_never_go BEFORE DELETE ON removed
  BEGIN SELECT RAISE(ABORT, 'removed places never go'); END;
DROP TRIGGER notices_never_go;
CREATE TRIGGER notices_never_go BEFORE DELETE ON notices
  WHEN NOT EXISTS (SELECT 1 FROM removed WHERE run_id = OLD.run_id)
  BEGIN SELECT RAISE(ABORT, 'a notice is never removed but with its run'); END;
`;
