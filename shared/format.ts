/** How values read everywhere: tiles, sentences, sheets. */

const formats = new Map<number, Intl.NumberFormat>();

const formatOf = (digits: number): Intl.NumberFormat => {
  const format =
    formats.get(digits) ??
    new Intl.NumberFormat('en-US', { minimumFractionDigits: digits, maximumFractionDigits: digits });
  formats.set(digits, format);
  return format;
};

/** "2,995", "0.02". A value that would round to nothing but is not nothing keeps its first figure: 0.004 with two digits is "0.004". */
export const formatNumber = (value: number, digits = 0): string => {
  if (!Number.isFinite(value)) return '–';
  const hidden = value !== 0 && Math.abs(value) < 10 ** -digits / 2;
  const shown = hidden ? Math.min(-Math.floor(Math.log10(Math.abs(value))), 8) : digits;
  return formatOf(shown).format(value === 0 ? 0 : value);
};

/** "742 ms", "0.02 %", "3". */
export const formatValue = (value: number, unit: string, digits = 0): string =>
  unit === '' ? formatNumber(value, digits) : `${formatNumber(value, digits)} ${unit}`;

/** "850 ms", "4 s", "2 min", "3 h", "2 d": a length of time in one unit. */
export const formatSpan = (ms: number): string => {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 7_200_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : `${Math.round(ms / 86_400_000)} d`;
};

/** "1 reading", "2,995 requests". */
export const formatCount = (n: number, one: string, many = `${one}s`): string =>
  `${formatNumber(n)} ${n === 1 ? one : many}`;

/** "740 B", "12 KiB", "3.4 MiB". */
export const formatBytes = (bytes: number): string => {
  const power = bytes < 1_024 ? 0 : Math.min(4, Math.floor(Math.log2(bytes) / 10));
  const value = bytes / 1_024 ** power;
  return `${formatNumber(value, power > 0 && value < 10 ? 1 : 0)} ${['B', 'KiB', 'MiB', 'GiB', 'TiB'][power] ?? 'B'}`;
};

/** A sentence without the name that it begins with, for where the name stands beside it: "Health: Answered 503." → "Answered 503." */
export const withoutName = (sentence: string, name: string): string => {
  const [, rest = ''] = sentence.startsWith(name) ? (/^[:,\s]+(.*)$/su.exec(sentence.slice(name.length)) ?? []) : [];
  return rest === '' ? sentence : rest.charAt(0).toUpperCase() + rest.slice(1);
};

/** What a longer text begins with, up to the end of its first sentence: points within numbers and names end none. */
export const firstSentence = (words: string): string => /^.*?[.!?](?=\s|$)/su.exec(words)?.[0] ?? words;
