/** What must not be shown: credentials by their usual forms. Kept broad, because an excerpt that hides too much is still readable. */
const patterns: readonly (readonly [RegExp, string])[] = [
  [/\b(bearer|basic|token)\s+[\w.~+/=-]{8,}/gi, '$1 •••'],
  [/\beyJ[\w-]{5,}\.[\w-]{5,}\.[\w-]*/g, '•••'],
  [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g, '•••'],
  [/\b(?:gh[pousr]_\w{20,}|github_pat_\w{20,}|xox[abprs]-[\w-]{10,}|sk_(?:live|test)_\w{8,}|AIza[\w-]{30,})/g, '•••'],
  [
    /(["']?(?:password|passwd|pwd|secret|token|api[_-]?key|authorization|cookie|session(?:[_-]?id)?|private[_-]?key)["']?\s*[:=]\s*)(?:"[^"]*"|'[^']*'|[^\s,;&}]+)/gi,
    '$1•••',
  ],
  [/(\b\w{1,20}:\/\/[^\s:/@]{0,100}:)[^\s@/]{1,300}@/g, '$1•••@'],
  [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g, '•••'],
];

const control =
  /\u001b\[[0-9;?]*[ -/]*[@-~]|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]/g;

/** Text of a target as it may be shown: no credentials, none of `secrets`, no control characters, at most `most` characters. */
export const masked = (text: string, secrets: readonly string[] = [], most = 4_000): string => {
  // A little more than is shown, so that a secret on the edge is still seen whole.
  let shown = text.slice(0, most + 4_000);
  for (const secret of secrets) if (secret.length >= 4) shown = shown.replaceAll(secret, '•••');
  for (const [pattern, by] of patterns) shown = shown.replace(pattern, by);
  shown = shown.replace(control, '');
  return shown.length > most ? `${shown.slice(0, most - 1)}…` : shown;
};

const personal: readonly (readonly [kind: string, pattern: RegExp])[] = [
  ['e-mail address', /\b[\w.+-]{1,64}@[\w-]{1,100}\.[a-z]{2,}\b/i],
  ['phone number', /\+\d{10,14}\b/],
  ['card number', /\b(?:\d[ -]?){12,18}\d\b/],
];

/** Luhn's check: most long numbers are no card numbers. */
const isCard = (digits: string): boolean => {
  const sum = digits
    .split('')
    .reverse()
    .reduce((total, digit, at) => {
      const value = Number(digit) * (at % 2 === 0 ? 1 : 2);
      return total + (value > 9 ? value - 9 : value);
    }, 0);
  return digits.length >= 13 && sum % 10 === 0;
};

const isPersonal = (kind: string, found: string): boolean => kind !== 'card number' || isCard(found.replace(/\D/g, ''));

/** Like `masked`, and without personal data: for words that people's acts are written into, such as logs. */
export const maskedWholly = (text: string, most: number): string =>
  personal.reduce(
    (shown, [kind, pattern]) =>
      shown.replaceAll(new RegExp(pattern, `${pattern.flags}g`), (found) => (isPersonal(kind, found) ? '•••' : found)),
    masked(text, [], most),
  );

/** The kinds of secrets and personal data in a text that should hold none, by their forms alone. */
export const leaksIn = (text: string): readonly string[] => [
  ...(patterns.some(([pattern, by]) => text.replace(pattern, by) !== text) ? ['credential'] : []),
  ...personal.flatMap(([kind, pattern]) => {
    const found = text.match(new RegExp(pattern, `${pattern.flags}g`)) ?? [];
    return found.some((words) => isPersonal(kind, words)) ? [kind] : [];
  }),
];
