import { query } from 'jsonpath-rfc9535';
import type { JsonValue } from 'jsonpath-rfc9535';
import { z } from 'zod';

/** Paths that were read before: thousands of probes ask for a handful, and to read one takes longer than all else of a probe. */
const known = new Set<string>();
const mostKnown = 1_000;

/** A JSONPath of RFC 9535. Its two functions of regular expressions are left out: they may take for ever. */
export const jsonPathSchema = z.string().refine((path) => {
  if (known.has(path)) return true;
  if (!path.startsWith('$') || /\b(match|search)\s*\(/.test(path)) return false;
  try {
    query(null, path);
  } catch {
    return false;
  }
  if (known.size < mostKnown) known.add(path);
  return true;
}, 'not a JSON path; write it as "$.status" or "$.pods[0].ready"');

/** The value of a text that is JSON, else undefined. */
export const parseJson = (text: string): JsonValue | undefined => {
  try {
    return JSON.parse(text) as JsonValue;
  } catch {
    return undefined;
  }
};

/** The first value at a path; undefined where there is none. */
export const valueAt = (document: JsonValue, path: string): JsonValue | undefined => query(document, path)[0];

/** A number as it stands, in a text, or of a truth; else null. */
export const asNumber = (value: unknown): number | null => {
  if (typeof value === 'boolean') return value ? 1 : 0;
  const number =
    typeof value === 'number' ? value : typeof value === 'string' && /^\s*[-+]?\d/.test(value) ? Number(value) : NaN;
  return Number.isFinite(number) ? number : null;
};
