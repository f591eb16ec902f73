import { WarRoomError } from '../errors.ts';

/** Characters that make a command look like another one: direction marks, zero-width signs, control characters. */
const hidden =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u200B-\u200F\u2028-\u202E\u2060-\u2064\u2066-\u206F\uFEFF]/u;

/** The code point of the first character that can't be seen, as "U+202E"; null where all can be. */
export const hiddenCharacter = (text: string): string | null => {
  const found = hidden.exec(text)?.[0]?.codePointAt(0);
  return found === undefined ? null : `U+${found.toString(16).toUpperCase().padStart(4, '0')}`;
};

const refuse = (sentence: string): never => {
  throw new WarRoomError('bad-input', sentence);
};

const placeholder = /\$\{([a-z0-9][a-z0-9._-]*)\}/giu;

/** The value of a name, or null where there is none. */
export type Variable = (name: string) => string | null;

const filledText = (template: string, variable: Variable): string => {
  const text = template.replaceAll(placeholder, (_, name: string) => {
    const value = variable(name);
    if (value === null) return refuse(`"\${${name}}" has no value in this run.`);
    if (value.includes('\0')) return refuse(`The value of "\${${name}}" holds a NUL character.`);
    return value;
  });
  if (text !== template && text.startsWith('secret:'))
    return refuse('A value may not name a secret; only the target itself may.');
  return text;
};

/**
 * Puts values where the target wrote "${name}", once: a value that itself holds "${…}" stays as it is. Throws bad-input
 * for a name without a value, for NUL, and for a value that would name a secret.
 */
export const fillPlaceholders = (value: unknown, variable: Variable): unknown => {
  if (typeof value === 'string') return filledText(value, variable);
  if (Array.isArray(value)) return value.map((entry) => fillPlaceholders(entry, variable));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, fillPlaceholders(entry, variable)]));
};

/**
 * Fills an argument array. Each element stays one argument whatever its value holds. An element whose value, not the
 * target's own words, makes it begin with "-" would be read as an option: refused unless "--" stands before it.
 */
export const fillArguments = (template: readonly string[], variable: Variable): readonly string[] => {
  let optionsEnded = false;
  return template.map((element, at) => {
    const filled = filledText(element, variable);
    if (filled.startsWith('-') && !element.startsWith('-') && !optionsEnded)
      refuse(`Argument ${at + 1} would begin with "-" and be read as an option; write "--" before it.`);
    if (at === 0 && filled !== element) refuse('The program of a step is written out, never filled in.');
    optionsEnded ||= element === '--';
    return filled;
  });
};

/** Shows arguments one by one, quoted where a space or a sign could mislead. For reading only, never for a shell. */
export const showArguments = (argv: readonly string[]): string =>
  argv.map((part) => (/^[\w@%+=:,./-]+$/u.test(part) ? part : `'${part.replaceAll("'", String.raw`'\''`)}'`)).join(' ');
