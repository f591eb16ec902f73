/**
 * Samples rolled up to minutes and hours, for charts over long times: `span` is 60000 or 3600000, `at` where it begins,
 * `low_at` and `high_at` when the lowest and the highest were. `rolled` says up to when a series is in them.
 */
export const rollups = `
CREATE TABLE rollups (
  series INTEGER NOT NULL,
  span INTEGER NOT NULL,
  at INTEGER NOT NULL,
  n INTEGER NOT NULL,
  sum REAL NOT NULL,
  low REAL NOT NULL,
  low_at INTEGER NOT NULL,
  high REAL NOT NULL,
  high_at INTEGER NOT NULL,
  PRIMARY KEY (series, span, at)
) STRICT, WITHOUT ROWID;
CREATE TABLE rolled (
  series INTEGER PRIMARY KEY,
  until INTEGER NOT NULL
) STRICT;
`;
