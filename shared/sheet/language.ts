import { languageByWords } from './function-words.ts';
import type { SheetData } from './model.ts';

/**
 * Scripts that say by themselves in which language most who write them write. Kana stand before Han: Japanese is
 * written in both. Letters that only one language of a script has are fewer, and come first.
 */
const scripts: readonly (readonly [RegExp, string, share?: number])[] = [
  [/[іїєґ]/giu, 'uk', 0.02],
  [/[پچژگ]/gu, 'fa', 0.02],
  [/[\p{Script=Hiragana}\p{Script=Katakana}]/gu, 'ja'],
  [/\p{Script=Hangul}/gu, 'ko'],
  [/\p{Script=Han}/gu, 'zh'],
  [/\p{Script=Arabic}/gu, 'ar'],
  [/\p{Script=Hebrew}/gu, 'he'],
  [/\p{Script=Thai}/gu, 'th'],
  [/\p{Script=Devanagari}/gu, 'hi'],
  [/\p{Script=Greek}/gu, 'el'],
  [/\p{Script=Cyrillic}/gu, 'ru'],
];

const tagIn = (value: string): string | null => {
  try {
    return Intl.getCanonicalLocales(value.trim().replaceAll('_', '-'))[0] ?? null;
  } catch {
    return null;
  }
};

/** A document is in a script when so much of its letters are: commands and names stay Latin in all of them. */
const usual = 0.2;

/** So much of a text tells its language as well as all of it, in UTF-16 units. */
const enough = 100_000;

/** What people wrote: without commands and addresses, which are English everywhere. */
const prose = (text: string): string =>
  text
    .slice(0, enough)
    .replaceAll(/^ {0,3}(?<fence>`{3,}|~{3,}).*?(?:^ {0,3}\k<fence>|$(?![\s\S]))/gmsu, ' ')
    .replaceAll(/`[^`]*`|[a-z][a-z+.-]{0,20}:\/\/\S+/giu, ' ');

/**
 * The language of a document as a BCP 47 tag, for whoever reads a sheet aloud and for the shapes of its signs: what its
 * front matter or a line of its head says ("lang: de"), else what its letters are, else what its small words are, else
 * English.
 */
export const languageOf = ({ runbook, text }: SheetData['document']): string => {
  const said = runbook.meta.find(({ key }) => /^(?:lang|language|locale)$/iu.test(key))?.value;
  const tag = said === undefined ? null : tagIn(said);
  if (tag !== null) return tag;
  const letters = text.match(/\p{L}/gu)?.length ?? 0;
  const found = scripts.find(([script, , share = usual]) => (text.match(script)?.length ?? 0) > letters * share);
  return found?.[1] ?? languageByWords(prose(text)) ?? 'en';
};
