import type { EventBody } from './events.ts';
import { formatCount } from './format.ts';

type Ended = Pick<EventBody<'run-closed'>, 'outcome' | 'open' | 'deferred' | 'overrides' | 'waived'>;

/** How a run ended, with its counts. The word complete stands alone only where nothing was deferred, overridden or left out as not applicable. */
export const outcomeWords = ({ outcome, open, deferred, overrides, waived = 0 }: Ended): string => {
  const overridden = overrides === 0 ? '' : `with ${formatCount(overrides, 'override')}`;
  const leftOut = waived === 0 ? '' : `, ${waived} not applicable`;
  switch (outcome) {
    case 'complete':
      return `complete${leftOut}`;
    case 'complete-except-deferred':
      return `complete except ${deferred} deferred${overridden === '' ? '' : `, ${overridden}`}${leftOut}`;
    case 'complete-with-overrides':
      return `complete ${overridden}${leftOut}`;
    case 'stopped':
      return ['stopped', open === 0 ? '' : `${open} open`, overridden].filter((part) => part !== '').join(', ');
  }
};
