const second = 1_000;
const minute = 60 * second;
export const hour = 60 * minute;
export const day = 24 * hour;
const week = 7 * day;

const named: readonly (readonly [RegExp, number])[] = [
  [/^(?:s|secs?|seconds?)$/iu, second],
  [/^(?:m|mins?|minutes?)$/iu, minute],
  [/^(?:h|hrs?|hours?)$/iu, hour],
  [/^(?:d|days?)$/iu, day],
  [/^(?:w|wks?|weeks?)$/iu, week],
  [/^months?$/iu, 30 * day],
];

export const unitWord =
  '(?:seconds?|secs?|minutes?|mins?|hours?|hrs?|days?|weeks?|wks?|months?|[smhdw])(?![\\p{L}\\p{N}])';
export const spelledWord = 'an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve';
export const numberWord = `(?:\\d+(?:\\.\\d+)?|${spelledWord})`;
export const dash = '\\s*(?:-|–|—|to|until|through)\\s*';

const spelled = [
  'zero',
  'one',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
];

/** "2", "two", "an" → a number. */
export const numberOf = (word: string): number => {
  if (/^\d/u.test(word)) return Number(word);
  const at = spelled.indexOf(word.toLowerCase());
  return at < 0 ? 1 : at;
};

/** The length of one unit in ms; 0 for a word that is not one. A month is 30 days. */
export const unitMs = (word: string): number => named.find(([pattern]) => pattern.test(word))?.[1] ?? 0;
