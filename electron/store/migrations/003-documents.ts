/** The texts that runs were started with, once each, by the SHA-256 of their UTF-8 bytes. */
export const documents = `
CREATE TABLE documents (
  sha256 TEXT PRIMARY KEY,
  text TEXT NOT NULL
) STRICT;
CREATE TRIGGER documents_never_change BEFORE UPDATE ON documents
  BEGIN SELECT RAISE(ABORT, 'documents never change'); END;
`;
