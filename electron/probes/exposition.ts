/** Numbers out of Prometheus' text format, by "name" or 'name{label="value"}'; several that fit are added up. */

const selector = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?$/;
const labelPair = /([A-Za-z_]\w*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;
const sampleLine = /^([A-Za-z_:][\w:]*)(?:\{((?:[^"}]|"(?:[^"\\]|\\.)*")*)\})?\s+(\S+)/;

const escapes: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };

const labelsOf = (text: string): ReadonlyMap<string, string> =>
  new Map(
    [...text.matchAll(labelPair)].map(([, name = '', value = '']) => [
      name,
      value.replace(/\\[n"\\]/g, (pair) => escapes[pair] ?? pair),
    ]),
  );

const numberOf = (text: string): number => {
  if (/^\+?Inf$/i.test(text)) return Infinity;
  return /^-Inf$/i.test(text) ? -Infinity : Number(text);
};

export const isSampleSelector = (text: string): boolean => selector.test(text);

/** Which samples count: those of this name whose labels pass. */
export type Wanted = { readonly name: string; readonly fits: (labels: ReadonlyMap<string, string>) => boolean };

/** The sums of what is wanted, in one look through a page. Null where nothing fits or a sum is no number. */
export const sumSamples = (text: string, wanted: readonly Wanted[]): readonly (number | null)[] => {
  const sums: (number | null)[] = wanted.map(() => null);
  const names = new Set(wanted.map(({ name }) => name));
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.length > 10_000) continue;
    const [, name, labelText = '', value = ''] = sampleLine.exec(line) ?? [];
    if (name === undefined || !names.has(name)) continue;
    const labels = labelsOf(labelText);
    wanted.forEach((one, at) => {
      if (one.name === name && one.fits(labels)) sums[at] = (sums[at] ?? 0) + numberOf(value);
    });
  }
  return sums.map((sum) => (sum === null || !Number.isFinite(sum) ? null : sum));
};

/** The samples of an answer, looked through once for all selectors. */
export const takeSamples = (text: string, selectors: readonly string[]): readonly (number | null)[] =>
  sumSamples(
    text,
    selectors.map((each) => {
      const [, name = '', labelText = ''] = selector.exec(each) ?? [];
      const expected = [...labelsOf(labelText)];
      return { name, fits: (labels) => expected.every(([key, value]) => labels.get(key) === value) };
    }),
  );
