import { masked } from '../probes/mask.ts';

const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?-----END [A-Z ]*PRIVATE KEY-----/gu;
/** A reference with the quotes around it; it names a secret or a variable and holds neither. */
const reference = /(["']?(?:secret:[\w.-]+|\$\{[\w.-]+\})["']?)/u;

/** What stands between references is blotted out where it is a credential; a target stays one that can be read. */
export const withoutCredentials = (text: string): string =>
  text
    .replace(privateKey, '•••')
    .split('\n')
    .map((line) =>
      line
        .split(reference)
        .map((part, at) => (at % 2 === 1 ? part : masked(part, [], part.length + 100)))
        .join(''),
    )
    .join('\n');

/** The same for every text in a value, whatever it is made of. */
export const cleaned = <T>(value: T): T => {
  if (typeof value === 'string') return withoutCredentials(value) as T;
  if (Array.isArray(value)) return value.map(cleaned) as T;
  if (value === null || typeof value !== 'object') return value;
  return Object.fromEntries(Object.entries(value).map(([key, own]) => [key, cleaned(own)])) as T;
};
