import { z } from 'zod';
import { matchWithin, regexpSchema } from './bounded-regexp.ts';
import type { Failure } from './failure.ts';
import { asNumber, jsonPathSchema, parseJson, valueAt } from './json.ts';
import { masked } from './mask.ts';

const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);

/** What a value must be: equal to a plain one, or as the named conditions say, all of them. */
const wantedSchema = z.union([
  scalar,
  z.strictObject({
    is: scalar.optional(),
    not: scalar.optional(),
    oneOf: z.array(scalar).min(1).optional(),
    atLeast: z.number().optional(),
    atMost: z.number().optional(),
    exists: z.boolean().optional(),
    matches: regexpSchema.optional(),
  }),
]);
type Wanted = z.output<typeof wantedSchema>;

const textSchema = z.union([
  z.string().min(1),
  z.strictObject({ contains: z.string().optional(), lacks: z.string().optional(), matches: regexpSchema.optional() }),
]);

export const expectSchema = z.strictObject({
  status: z
    .union([z.number().int().min(100).max(599), z.array(z.number().int()).min(1)])
    .optional()
    .describe('The status or statuses that are right; 200 to 299 if left out'),
  type: z.string().optional().describe('The content type without parameters, such as application/json'),
  json: z.record(jsonPathSchema, wantedSchema).optional().describe('JSON path → the value there, or conditions on it'),
  text: textSchema.optional().describe('A text that the body contains, or conditions on it'),
  headers: z.record(z.string(), wantedSchema).optional().describe('Header → its value, or conditions on it'),
});
export type Expect = z.output<typeof expectSchema>;

const show = (value: unknown): string =>
  value === undefined ? 'missing' : masked(JSON.stringify(value) ?? String(value), [], 80);

/** Why a value is not what is wanted, as words after "is …", or null. Texts that are numbers compare as numbers. */
const mismatch = (value: unknown, wanted: Wanted): string | null => {
  if (wanted === null || typeof wanted !== 'object')
    return value === wanted ? null : `${show(value)}, expected ${show(wanted)}`;
  const number = asNumber(value);
  if (wanted.exists !== undefined && (value !== undefined) !== wanted.exists)
    return wanted.exists ? 'missing' : `${show(value)}, expected to be missing`;
  if (wanted.is !== undefined && value !== wanted.is) return `${show(value)}, expected ${show(wanted.is)}`;
  if (wanted.not !== undefined && value === wanted.not) return `${show(value)}, expected anything else`;
  if (wanted.oneOf !== undefined && !wanted.oneOf.some((one) => one === value))
    return `${show(value)}, expected one of ${show(wanted.oneOf)}`;
  if (wanted.atLeast !== undefined && !(number !== null && number >= wanted.atLeast))
    return `${show(value)}, expected at least ${wanted.atLeast}`;
  if (wanted.atMost !== undefined && !(number !== null && number <= wanted.atMost))
    return `${show(value)}, expected at most ${wanted.atMost}`;
  if (wanted.matches === undefined) return null;
  const found = typeof value === 'string' ? matchWithin(wanted.matches, value) : null;
  if (found === 'too-slow') return `${show(value)}, and the pattern takes too long on it`;
  return found === null ? `${show(value)}, which does not match the pattern` : null;
};

const jsonFailure = (text: string, wanted: NonNullable<Expect['json']>): Failure | null => {
  const document = parseJson(text);
  if (document === undefined)
    return {
      reason: 'not-json',
      sentence: `the body is not JSON (${text.length === 0 ? 'it is empty' : `it begins with ${show(text.slice(0, 40))}`})`,
    };
  for (const [path, want] of Object.entries(wanted)) {
    const why = mismatch(valueAt(document, path), want);
    if (why !== null) return { reason: 'json-mismatch', sentence: `${path} is ${why}` };
  }
  return null;
};

const textFailure = (text: string, wanted: NonNullable<Expect['text']>): Failure | null => {
  const { contains, lacks, matches } =
    typeof wanted === 'string'
      ? { contains: wanted }
      : { contains: undefined, lacks: undefined, matches: undefined, ...wanted };
  if (contains !== undefined && !text.includes(contains))
    return { reason: 'text-mismatch', sentence: `the body does not contain ${show(contains)}` };
  if (lacks !== undefined && text.includes(lacks))
    return { reason: 'text-mismatch', sentence: `the body contains ${show(lacks)}` };
  const found = matches === undefined ? [] : matchWithin(matches, text);
  if (found === 'too-slow') return { reason: 'pattern-too-slow', sentence: 'the pattern takes too long on the body' };
  return found === null ? { reason: 'text-mismatch', sentence: 'the body does not match the pattern' } : null;
};

/** What an answer that meets its expectations said, as words after "Answered 200 …"; only what is known to be equal. */
export const metWords = ({ json, text }: Expect): string => {
  const equal = Object.entries(json ?? {}).flatMap(([path, want]) =>
    want === null || typeof want !== 'object' ? [`${path} is ${show(want)}`] : [`${path} is as expected`],
  );
  const said = [
    ...equal.slice(0, 3),
    ...(equal.length > 3 ? [`${equal.length - 3} more as expected`] : []),
    ...(typeof text === 'string' ? [`contains ${show(text)}`] : []),
  ];
  return said.length === 0 ? '' : `: ${said.join(', ')}`;
};

type Seen = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: () => string;
};

/** The first expectation that an answer does not meet, in words that follow "Answered …, but ". Null when all are met. */
export const firstFailure = (expect: Expect, { status, headers, text }: Seen): Failure | null => {
  const statuses = expect.status === undefined ? null : [expect.status].flat();
  if (statuses === null ? status < 200 || status > 299 : !statuses.includes(status))
    return {
      reason: 'status-mismatch',
      sentence: `expected ${statuses === null ? '200 to 299' : statuses.join(' or ')}`,
    };
  const type = [headers['content-type'] ?? ''].flat().join().split(';')[0]?.trim().toLowerCase() ?? '';
  if (expect.type !== undefined && type !== expect.type.toLowerCase())
    return {
      reason: 'type-mismatch',
      sentence: `the content type is ${type === '' ? 'missing' : show(type)}, expected ${expect.type}`,
    };
  for (const [name, want] of Object.entries(expect.headers ?? {})) {
    const value = headers[name.toLowerCase()];
    const why = mismatch(Array.isArray(value) ? value.join(', ') : value, want);
    if (why !== null) return { reason: 'header-mismatch', sentence: `the header ${name} is ${why}` };
  }
  return (
    (expect.json === undefined ? null : jsonFailure(text(), expect.json)) ??
    (expect.text === undefined ? null : textFailure(text(), expect.text))
  );
};
