import { fc } from '../fixtures/properties.ts';
import { expect, it } from 'vitest';
import { newRunClock, runNow, runTime, wallTime, withMove, withSpeed } from './run-clock.ts';

const at = 1_800_000_000_000;

it('is the wall clock as long as nothing was changed', () => {
  expect(runNow(newRunClock, at)).toBe(at);
  expect(runTime(newRunClock, at)).toBe(at);
  expect(wallTime(newRunClock, at)).toBe(at);
});

it('goes faster from the moment it is told to, and tells a past moment as it was', () => {
  const fast = withSpeed(newRunClock, at, 60);
  expect(runNow(fast, at + 1_000)).toBe(at + 60_000);
  expect(runTime(fast, at - 1_000)).toBe(at - 1_000);
  expect(wallTime(fast, at + 60_000)).toBe(at + 1_000);
});

it('never jumps and never goes back, whatever is done to the clock of this machine', () => {
  const step = fc.record({
    kind: fc.constantFrom('wait', 'move', 'speed'),
    ms: fc.integer({ min: 0, max: 100_000 }),
    byMs: fc.constantFrom(-86_400_000, -3_600_000, -1_000, 3_600_000, 86_400_000),
    speed: fc.constantFrom(1, 10, 60),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      let clock = newRunClock;
      let wall = at;
      let speed = 1;
      let expected = at;
      for (const { kind, ms, byMs, speed: wanted } of steps) {
        if (kind === 'wait') {
          wall += ms;
          expected += ms * speed;
        } else if (kind === 'move') {
          wall += byMs;
          clock = withMove(clock, wall, byMs);
        } else {
          clock = withSpeed(clock, wall, wanted);
          speed = wanted;
        }
        expect(runNow(clock, wall)).toBeCloseTo(expected, 3);
      }
    }),
    { numRuns: 500 },
  );
});
