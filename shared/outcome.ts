import type { EventBody } from './events.ts';
import { formatCount } from './format.ts';

type Ended = Pick<EventBody<'run-closed'>, 'outcome' | 'open' | 'deferred' | 'overrides'>;

/** How a run ended, with its counts. The word complete stands alone only where nothing was deferred or overridden. */
export const outcomeWords = ({ outcome, open, deferred, overrides }: Ended): string => {
  const overridden = overrides === 0 ? '' : `with ${formatCount(overrides, 'override')}`;
  switch (outcome) {
    case 'complete':
      return 'complete';
    case 'complete-except-deferred':
      return `complete except ${deferred} deferred${overridden === '' ? '' : `, ${overridden}`}`;
    case 'complete-with-overrides':
      return `complete ${overridden}`;
    case 'stopped':
      return open === 0 ? 'stopped' : `stopped, ${open} open`;
  }
};
