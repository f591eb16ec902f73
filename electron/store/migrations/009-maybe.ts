/**
 * Whether an attempt that was not answered may have arrived: such a notice is never said to be not sent. Nobody knows of
 * those that were tried before this was written down.
 */
export const maybe = `
ALTER TABLE notices ADD COLUMN maybe INTEGER NOT NULL DEFAULT 0;
UPDATE notices SET maybe = 1 WHERE attempts > 0 AND state IN ('queued', 'sending');
`;
