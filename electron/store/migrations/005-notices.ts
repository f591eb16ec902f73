/**
 * The outbox: one row for a message to a channel, by a key that is the same for ever. `channel` and `message` are JSON;
 * secrets stand in neither. Nothing is drafted for what happened before there were notices.
 */
export const notices = `
CREATE TABLE notices (
  id INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE,
  run_id TEXT NOT NULL,
  lane TEXT NOT NULL,
  channel TEXT NOT NULL,
  subject TEXT NOT NULL,
  urgent INTEGER NOT NULL,
  message TEXT NOT NULL,
  state TEXT NOT NULL CHECK (
    state IN ('drafted', 'queued', 'sending', 'sent', 'failed', 'not-sent', 'unknown', 'discarded')
  ),
  created_at INTEGER NOT NULL,
  changed_at INTEGER NOT NULL,
  due_at INTEGER,
  attempts INTEGER NOT NULL DEFAULT 0,
  sentence TEXT NOT NULL DEFAULT '',
  receipt TEXT,
  released_by TEXT,
  released_at INTEGER,
  batch TEXT
) STRICT;
CREATE INDEX notices_of_run ON notices (run_id, id);
CREATE INDEX notices_waiting ON notices (lane, urgent DESC, id) WHERE state = 'queued';
CREATE INDEX notices_due ON notices (lane, due_at) WHERE state = 'queued';
CREATE INDEX notices_left ON notices (lane, changed_at) WHERE state IN ('sent', 'unknown');
CREATE INDEX notices_together ON notices (batch) WHERE batch IS NOT NULL;
CREATE INDEX notices_of_subject ON notices (run_id, subject, id);
CREATE INDEX notices_under_way ON notices (id) WHERE state = 'sending';
CREATE TRIGGER notices_never_go BEFORE DELETE ON notices
  BEGIN SELECT RAISE(ABORT, 'a notice is never removed'); END;
CREATE TABLE notice_cursors (run_id TEXT PRIMARY KEY, seq INTEGER NOT NULL) STRICT;
INSERT INTO notice_cursors SELECT run_id, max(seq) FROM events GROUP BY run_id;
`;
