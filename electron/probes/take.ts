import { z } from 'zod';
import { isSampleSelector, takeSamples } from './exposition.ts';
import { asNumber, jsonPathSchema, parseJson, valueAt } from './json.ts';
import { masked } from './mask.ts';

const headerPrefix = 'header:';

const sourceSchema = z
  .string()
  .refine(
    (source) =>
      source.startsWith('$')
        ? jsonPathSchema.safeParse(source).success
        : source.startsWith(headerPrefix) || isSampleSelector(source),
    'not a source; write a JSON path ("$.pods"), a sample of a Prometheus page (\'requests_total{code="500"}\') or "header:name"',
  );

/** A name that a series may have. */
export const seriesName = z.string().regex(/^[A-Za-z][A-Za-z0-9_]*$/, 'a name is letters and digits');

/** Name → where it stands in the answer. Numbers become series, words become facts. */
export const takeSchema = z.record(seriesName, sourceSchema);
export const keepSchema = z.record(z.string(), sourceSchema);

type Seen = {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: () => string;
};

const found = (
  sources: Readonly<Record<string, string>>,
  { headers, text }: Seen,
): (readonly [name: string, value: unknown])[] => {
  const entries = Object.entries(sources);
  if (entries.length === 0) return [];
  const document = entries.some(([, source]) => source.startsWith('$')) ? parseJson(text()) : undefined;
  const selectors = entries
    .map(([, source]) => source)
    .filter((source) => !source.startsWith(headerPrefix) && isSampleSelector(source));
  const samples = selectors.length === 0 ? [] : takeSamples(text(), selectors);
  return entries.map(([name, source]) => {
    if (source.startsWith('$')) return [name, document === undefined ? undefined : valueAt(document, source)];
    if (source.startsWith(headerPrefix)) return [name, headers[source.slice(headerPrefix.length).trim().toLowerCase()]];
    return [name, samples[selectors.indexOf(source)]];
  });
};

export const takeNumbers = (sources: Readonly<Record<string, string>>, seen: Seen): Record<string, number> =>
  Object.fromEntries(
    found(sources, seen).flatMap(([name, value]) => {
      const number = asNumber(value);
      return number === null ? [] : [[name, number]];
    }),
  );

/** The words as they stand, such as a token for the next request: never to be shown. */
export const rawWords = (sources: Readonly<Record<string, string>>, seen: Seen): Record<string, string> =>
  Object.fromEntries(
    found(sources, seen).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, typeof value === 'string' ? value : JSON.stringify(value)]],
    ),
  );

export const keepWords = (
  sources: Readonly<Record<string, string>>,
  seen: Seen,
  secrets: readonly string[],
): Record<string, string> =>
  Object.fromEntries(
    Object.entries(rawWords(sources, seen)).map(([name, words]) => [name, masked(words, secrets, 400)]),
  );
