import { formatSpan } from '../format.ts';
import type { FailureShare } from './contract.ts';

/** "12 % (2 of 17); median time to restore 14 min". */
export const failureWords = ({ failed, of, restoreMs }: FailureShare): string => {
  const rate = `${of === 0 ? 0 : Math.round((100 * failed) / of)} % (${failed} of ${of})`;
  return restoreMs === null ? rate : `${rate}; median time to restore ${formatSpan(restoreMs)}`;
};

/** What counts as what, for whoever reads the figures. */
export const failureMethod =
  'A deployment is a run whose T-0 was set. It failed if after T-0 a rollback was confirmed, a gate decided to roll back, or an incident was opened. Restoring takes from the first of these signs (a rollback’s is its proposal) until the room saw all well again, or the rollback’s last step where it did not, and every incident was resolved.';
