/** A key starts one thing, and a rollback starts once, for ever: whatever a window sends, or sends again. */
export const oneStart = `
CREATE UNIQUE INDEX one_start_of_a_key ON events (json_extract(body, '$.key')) WHERE type = 'rollback-confirmed';
CREATE UNIQUE INDEX one_start_of_a_rollback ON events (run_id, json_extract(body, '$.rollback'))
  WHERE type = 'rollback-confirmed';
`;
