import { fc } from './fixtures/properties.ts';
import { expect, test } from 'vitest';
import { createTail } from './tail.ts';

test('whatever is added, dropped and cleared, it holds what a list of the newest would', () => {
  const act = fc.oneof(
    { weight: 8, arbitrary: fc.record({ add: fc.double({ noNaN: true }) }) },
    { weight: 2, arbitrary: fc.record({ drop: fc.nat(12) }) },
    { weight: 1, arbitrary: fc.constant({ clear: true }) },
  );
  fc.assert(
    fc.property(
      fc.nat(20),
      fc.integer({ min: 2, max: 40 }),
      fc.array(act, { maxLength: 200 }),
      (expected, most, acts) => {
        const tail = createTail(expected, most);
        let list: (readonly [number, number])[] = [];
        acts.forEach((one, at) => {
          if ('add' in one) {
            tail.add(at, one.add);
            list = [...list, [at, one.add] as const].slice(-most);
          } else if ('drop' in one) {
            tail.drop(one.drop);
            list = list.slice(one.drop);
          } else {
            tail.clear();
            list = [];
          }
          const held = Array.from({ length: tail.length() }, (_, i) => [tail.at(i), tail.value(i)]);
          expect(held).toEqual(list);
        });
      },
    ),
    { numRuns: 300 },
  );
});
