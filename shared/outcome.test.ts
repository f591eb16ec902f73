import { expect, test } from 'vitest';
import { outcomeWords } from './outcome.ts';

const counts = { open: 0, deferred: 0, overrides: 0 };

test('says complete alone only where nothing was deferred or overridden', () => {
  expect(outcomeWords({ ...counts, outcome: 'complete' })).toBe('complete');
  const deferred = { ...counts, outcome: 'complete-except-deferred', deferred: 3 } as const;
  expect(outcomeWords(deferred)).toBe('complete except 3 deferred');
  expect(outcomeWords({ ...deferred, overrides: 2 })).toBe('complete except 3 deferred, with 2 overrides');
  const overridden = { ...counts, outcome: 'complete-with-overrides', overrides: 1 } as const;
  expect(outcomeWords(overridden)).toBe('complete with 1 override');
  expect(outcomeWords({ ...counts, outcome: 'complete', waived: 4 })).toBe('complete, 4 not applicable');
  expect(outcomeWords({ ...counts, outcome: 'stopped', open: 7 })).toBe('stopped, 7 open');
  expect(outcomeWords({ ...counts, outcome: 'stopped', overrides: 2 })).toBe('stopped, with 2 overrides');
});
