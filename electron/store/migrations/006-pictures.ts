/** Pictures of the room, once each, by the SHA-256 of their bytes. */
export const pictures = `
CREATE TABLE pictures (
  sha256 TEXT PRIMARY KEY,
  png BLOB NOT NULL
) STRICT;
CREATE TRIGGER pictures_never_change BEFORE UPDATE ON pictures
  BEGIN SELECT RAISE(ABORT, 'pictures never change'); END;
`;
