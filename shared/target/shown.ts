import { formatNumber } from '../format.ts';
import type { Reading } from '../health.ts';
import { decimalsOf } from './line.ts';

/** A value stands in one line of a row or a tile: more words than this are its evidence's business. */
const mostChars = 48;

/**
 * The value of an answer by its target's own words: "{engineer}" or "{daysLeft} days left", each name a fact or a
 * number of the reading. Null where the reading has none of that name, so that half a sentence is never shown.
 */
export const shownWords = (shows: string, { facts, values }: Pick<Reading, 'facts' | 'values'>): string | null => {
  let whole = true;
  const text = shows.replace(/\{([^{}]+)\}/gu, (_, name: string) => {
    const number = Object.hasOwn(values, name) ? values[name] : undefined;
    const word = Object.hasOwn(facts, name) ? facts[name] : undefined;
    if (word === undefined && number === undefined) whole = false;
    return word ?? (number === undefined ? '' : formatNumber(number, Math.min(2, decimalsOf(number))));
  });
  if (!whole) return null;
  const chars = Array.from(text.replace(/\s+/gu, ' ').trim());
  return chars.length > mostChars ? `${chars.slice(0, mostChars - 1).join('')}…` : chars.join('');
};
