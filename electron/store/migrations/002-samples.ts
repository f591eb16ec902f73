/** Numbers by the thousand: the name of a series is stored once, a sample is three numbers in time order. */
export const samples = `
CREATE TABLE series (
  id INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL,
  name TEXT NOT NULL,
  UNIQUE (run_id, name)
) STRICT;
CREATE TABLE samples (
  series INTEGER NOT NULL,
  at INTEGER NOT NULL,
  value REAL NOT NULL,
  PRIMARY KEY (series, at)
) STRICT, WITHOUT ROWID;
`;
