import { fc } from '../fixtures/properties.ts';
import { describe, expect, test } from 'vitest';
import { compareLocation, compareTail } from './compare.ts';
import { againstRate, againstShare, burstiness, shareInterval, triesNeeded } from './counts.ts';
import {
  binomialAtLeast,
  binomialAtMost,
  hypergeometricAtLeast,
  normalAtLeast,
  normalExceededWith,
} from './distributions.ts';
import { ansariBradley, boundRank, mannWhitney } from './ranks.ts';
import { differenceAt, hodgesLehmann } from './shift.ts';

// Expected numbers come from SciPy 1.17.1 (the call is named beside each) unless another source is named.

/** How far apart, relative to what is expected. */
const off = (found: number, expected: number): number => Math.abs(found / expected - 1);
const tiny = 1e-9;
const ascending = (values: readonly number[]): Float64Array => Float64Array.from(values).toSorted();

/** The linear congruential generator of Numerical Recipes, so that the same samples can be made in SciPy. */
const lcg = (count: number, seed: number): number[] => {
  let state = seed;
  return Array.from({ length: count }, () => (state = (1664525 * state + 1013904223) % 2 ** 32) / 2 ** 32);
};

describe('distributions', () => {
  test('binomial tails agree with scipy.stats.binom sf and cdf', () => {
    expect(off(binomialAtLeast(3, 300, 0.001), 0.003571172044713886)).toBeLessThan(tiny);
    expect(off(binomialAtLeast(6, 1500, 0.001), 0.004431294074808731)).toBeLessThan(tiny);
    expect(off(binomialAtLeast(9, 3000, 0.001), 0.0037827606926007095)).toBeLessThan(tiny);
    expect(off(binomialAtLeast(13, 6000, 0.001), 0.008793710754736337)).toBeLessThan(tiny);
    expect(off(binomialAtLeast(44, 30000, 0.001), 0.009702167948012265)).toBeLessThan(tiny);
    expect(off(binomialAtMost(0, 2995, 0.001), 0.04996170339735639)).toBeLessThan(tiny);
    expect(off(binomialAtMost(1, 4742, 0.001), 0.04999968016202068)).toBeLessThan(tiny);
    expect(off(binomialAtMost(10, 40, 0.5), 0.0011107168866146822)).toBeLessThan(tiny);
  });
  test("the example of scipy.stats.binomtest's documentation", () =>
    expect(off(binomialAtLeast(3, 15, 0.1), 0.18406106910639106)).toBeLessThan(tiny));
  test('hypergeometric tails agree with scipy.stats.hypergeom.sf', () => {
    expect(off(hypergeometricAtLeast(7, 20, 10, 7), 0.0015479876160990713)).toBeLessThan(tiny);
    expect(off(hypergeometricAtLeast(80, 4600, 1000, 259), 0.0002610015194207887)).toBeLessThan(tiny);
    expect(off(hypergeometricAtLeast(60, 4600, 1000, 239), 0.1132813824710183)).toBeLessThan(tiny);
    expect(off(hypergeometricAtLeast(200, 4600, 1000, 379), 4.612800424788785e-44)).toBeLessThan(tiny);
  });
  test('normal tails agree with scipy.stats.norm sf and isf', () => {
    expect(off(normalAtLeast(6), 9.865876450376946e-10)).toBeLessThan(tiny);
    expect(off(normalAtLeast(8), 6.22096057427174e-16)).toBeLessThan(tiny);
    expect(off(normalExceededWith(0.025), 1.9599639845400545)).toBeLessThan(tiny);
    expect(off(normalExceededWith(0.0018), 2.9112377262430056)).toBeLessThan(tiny);
  });
  test('tails at the ends are whole', () => {
    expect([
      binomialAtLeast(0, 5, 0.1),
      binomialAtLeast(6, 5, 0.1),
      binomialAtMost(5, 5, 0.1),
      binomialAtLeast(1, 5, 0),
    ]).toEqual([1, 0, 1, 0]);
    expect([hypergeometricAtLeast(0, 5, 2, 2), hypergeometricAtLeast(3, 5, 2, 2)]).toEqual([1, 0]);
  });
});

describe('Mann–Whitney', () => {
  test("the example of scipy.stats.mannwhitneyu's documentation, exact", () => {
    const found = mannWhitney(ascending([20, 11, 17, 12]), ascending([19, 22, 16, 29, 24]));
    expect(found.statistic).toBe(17);
    expect(off(found.atLeast, 0.05555555555555555)).toBeLessThan(tiny);
  });
  test("Hollander and Wolfe (1973, p. 69), R's wilcox.test: W = 35, p = 0.1272", () => {
    const x = [0.8, 0.83, 1.89, 1.04, 1.45, 1.38, 1.91, 1.64, 0.73, 1.46];
    const y = [1.15, 0.88, 0.9, 0.74, 1.21];
    const found = mannWhitney(ascending(y), ascending(x));
    expect(found.statistic).toBe(35);
    expect(off(found.atLeast, 0.1272061272061272)).toBeLessThan(tiny);
    const location = compareLocation(ascending(y), ascending(x), { baseline: 1, current: 1, together: 1 });
    // R: difference in location 0.305, 95 percent confidence interval −0.15 to 0.76.
    expect(off(location.shift, 0.305)).toBeLessThan(tiny);
    expect(off(location.low, -0.15)).toBeLessThan(tiny);
    expect(off(location.high, 0.76)).toBeLessThan(tiny);
  });
  test('exact with ties agrees with scipy.stats.permutation_test over all permutations', () => {
    expect(
      off(mannWhitney(ascending([0, 0, 0, 0, 0, 0]), ascending([0, 1, 2, 1, 0, 0])).atLeast, 0.09090909090909091),
    ).toBeLessThan(tiny);
    expect(
      off(mannWhitney(ascending([0, 0, 0, 0, 0]), ascending([1, 4, 2, 3, 1])).atLeast, 0.003968253968253968),
    ).toBeLessThan(tiny);
    expect(
      off(mannWhitney(ascending([1, 2, 3, 3, 4, 5]), ascending([3, 3, 4, 5, 5, 6, 7])).atLeast, 0.047785547785547784),
    ).toBeLessThan(tiny);
  });
  test('large and tied agrees with mannwhitneyu(method="asymptotic")', () => {
    const a = ascending(lcg(60, 1).map((u) => Math.floor(u * 20)));
    const b = ascending(lcg(45, 2).map((u) => Math.floor(u * 20) + 3));
    const found = mannWhitney(a, b);
    expect(found.statistic).toBe(1781);
    expect(off(found.atLeast, 0.0026215716028516836)).toBeLessThan(tiny);
    expect(off(found.atMost, 0.9974304900253856)).toBeLessThan(tiny);
    const wide = ascending(lcg(70, 2).map((u) => u * 2 - 0.5));
    expect(off(mannWhitney(ascending(lcg(60, 1)), wide).atLeast, 0.26190782881367813)).toBeLessThan(tiny);
  });
  test('a constant pool says nothing', () => {
    const same = new Float64Array(50).fill(3);
    expect(mannWhitney(same, same)).toMatchObject({ atLeast: 1, atMost: 1 });
  });
  test('likeness of neighbours takes weight away', () => {
    const [a, b] = [ascending(lcg(60, 1)), ascending(lcg(60, 3).map((u) => u + 0.2))];
    expect(mannWhitney(a, b, 4).atLeast).toBeGreaterThan(mannWhitney(a, b).atLeast);
  });
});

describe('Ansari–Bradley', () => {
  test('exact agrees with scipy.stats.ansari', () => {
    const found = ansariBradley(ascending([1, 2, 3, 9, 11, 14]), ascending([4, 5, 6, 7, 8, 8.5, 10]));
    expect(found.statistic).toBe(36);
    expect(off(Math.min(found.atLeast, found.atMost), 0.002913752913752914)).toBeLessThan(tiny);
  });
  test("serum iron (Hollander and Wolfe 1973, p. 86), R's ansari.test: AB = 185.5", () => {
    const ramsay = [111, 107, 100, 99, 102, 106, 109, 108, 104, 99, 101, 96, 97, 102, 107, 113, 116, 113, 110, 98];
    const jung = [107, 108, 106, 98, 105, 103, 110, 105, 104, 100, 96, 108, 103, 104, 114, 114, 113, 108, 106, 99];
    expect(ansariBradley(ascending(jung), ascending(ramsay)).statistic).toBe(185.5);
  });
  test('large agrees with scipy.stats.ansari', () => {
    const plain = ansariBradley(ascending(lcg(60, 1)), ascending(lcg(70, 2).map((u) => u * 2 - 0.5)));
    expect(plain.statistic).toBe(1840);
    // SciPy takes the exact branch only below 55 points a side; its two-sided p is twice the smaller tail.
    expect(off(2 * Math.min(plain.atLeast, plain.atMost), 1.1318102681481579e-5)).toBeLessThan(tiny);
  });
  test('ties across the middle: the moments of the permutation distribution, the same from either side', () => {
    const tied = ansariBradley(
      ascending(lcg(60, 1).map((u) => Math.floor(u * 20))),
      ascending(lcg(45, 2).map((u) => Math.floor(u * 40) - 10)),
    );
    expect(tied.statistic).toBe(912.5);
    // NumPy: z from m·mean(s) and mn/(N(N−1))·Σ(s−mean)². SciPy and R keep the mean without ties and so give 0.000186 one way
    // round and 0.000136 the other.
    expect(off(2 * Math.min(tied.atLeast, tied.atMost), 0.0001472770160401264)).toBeLessThan(tiny);
  });
});

describe('shift', () => {
  const sample = fc.array(fc.oneof(fc.integer({ min: -5, max: 5 }), fc.double({ min: -1e6, max: 1e6, noNaN: true })), {
    minLength: 1,
    maxLength: 30,
  });
  test('every order statistic of the differences equals the sorted matrix', () => {
    fc.assert(
      fc.property(sample, sample, fc.double({ min: 0, max: 1, noNaN: true }), (left, right, share) => {
        const [a, b] = [ascending(left), ascending(right)];
        const all = ascending([...b].flatMap((y) => [...a].map((x) => y - x)));
        const rank = Math.min(all.length, Math.floor(share * all.length) + 1);
        expect(differenceAt(a, b, rank)).toBe(all[rank - 1]);
      }),
      { numRuns: 500, seed: 6 },
    );
  });
  test('an even number of pairs takes the mean of the middle two', () =>
    expect(hodgesLehmann(ascending([0, 1]), ascending([10]))).toBe(9.5));
  test('no bound without enough points', () => {
    expect(boundRank(1, 1, 0.025, 1.96)).toBe(0);
    expect(boundRank(10, 5, 0.025, 1.96)).toBe(9);
  });
});

describe('tail', () => {
  test('seven of ten above every point of the baseline, as scipy.stats.hypergeom.sf(6, 20, 10, 7)', () => {
    const tail = compareTail(
      ascending(Array(10).fill(1)),
      ascending([1, 1, 1, ...Array(7).fill(100)]),
      {
        baseline: 1,
        current: 1,
        together: 1,
      },
      1,
    );
    expect(tail.beyond).toBe(7);
    expect(off(tail.p, 0.0015479876160990713)).toBeLessThan(tiny);
  });
});

describe('counts', () => {
  test('2,995 requests without an error show less than 0.1 %, and each error asks for more', () => {
    expect([0, 1, 2].map((errors) => triesNeeded(errors, 0.001))).toEqual([2995, 4742, 6294]);
    expect(againstShare({ part: 0, whole: 2410 }, 0.001, 0.01)).toMatchObject({ finding: 'undecided', need: 2995 });
    expect(againstShare({ part: 0, whole: 2995 }, 0.001, 0.01).finding).toBe('within');
  });
  test('a limit of zero can be broken, never shown', () => {
    expect(againstShare({ part: 1, whole: 10 }, 0, 0.01).finding).toBe('beyond');
    expect(againstShare({ part: 0, whole: 1e6 }, 0, 0.01)).toMatchObject({ finding: 'undecided', need: null });
  });
  test("intervals agree with scipy.stats.binomtest(...).proportion_ci(0.95, 'exact')", () => {
    const few = shareInterval({ part: 3, whole: 300 });
    expect(off(few.low, 0.0020670072350923137)).toBeLessThan(tiny);
    expect(off(few.high, 0.028944511255692713)).toBeLessThan(tiny);
    const many = shareInterval({ part: 44, whole: 30000 });
    expect(off(many.low, 0.0010658782434122271)).toBeLessThan(tiny);
    expect(off(many.high, 0.001968436989504199)).toBeLessThan(tiny);
    expect(off(shareInterval({ part: 0, whole: 3000 }).high, 0.0012288708038255011)).toBeLessThan(tiny);
  });
  test('two rates: 18 in 12,000 against 36 in 72,000, as (binom.sf(17, 54, 1/7) + binom.sf(18, 54, 1/7)) / 2', () => {
    expect(
      off(againstRate({ part: 18, whole: 12_000 }, { part: 36, whole: 72_000 }).more, 0.0002178135474074842),
    ).toBeLessThan(tiny);
  });
  test('bursts are found, chance is not', () => {
    const even = lcg(360, 5).map((u) => ({ part: u < 0.1 ? 1 : 0, whole: 200 }));
    const burst = even.map(({ whole }, index) => ({ part: index % 90 === 0 ? 9 : 0, whole }));
    expect(burstiness(even)).toBe(1);
    expect(burstiness(burst)).toBeGreaterThan(7);
  });
});
