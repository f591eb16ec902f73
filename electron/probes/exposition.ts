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

/** The samples of an answer, looked through once for all selectors. Null where none fits or a sum is no number. */
export const takeSamples = (text: string, selectors: readonly string[]): readonly (number | null)[] => {
  const wanted = selectors.map((each) => {
    const [, name = '', labels = ''] = selector.exec(each) ?? [];
    return { name, labels: [...labelsOf(labels)] };
  });
  const sums: (number | null)[] = selectors.map(() => null);
  for (const line of text.split('\n')) {
    if (line.startsWith('#') || line.length > 10_000) continue;
    const [, name, labelText = '', value = ''] = sampleLine.exec(line) ?? [];
    if (name === undefined) continue;
    wanted.forEach((one, at) => {
      if (one.name !== name) return;
      const labels = one.labels.length === 0 ? null : labelsOf(labelText);
      if (one.labels.some(([key, expected]) => labels?.get(key) !== expected)) return;
      sums[at] = (sums[at] ?? 0) + numberOf(value);
    });
  }
  return sums.map((sum) => (sum === null || !Number.isFinite(sum) ? null : sum));
};
