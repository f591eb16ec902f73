import type { PaperPlace } from '../../../shared/paper/places.ts';
import type { PaperEntry } from '../../../shared/paper/contract.ts';

/**
 * The moment that a written time means (UTC epoch ms) in the zone of this machine: "14:05" is the last time it was so
 * late, "2026-11-26 14:05" says the day itself. Null for nothing, undefined for what is no time.
 */
export const writtenAt = (text: string, now: number): number | null | undefined => {
  const words = text.trim();
  if (words === '') return null;
  const [, day, hour = '', minute = ''] = /^(?:(\d{4}-\d{2}-\d{2})[ T])?(\d{1,2})[:.h](\d{2})$/u.exec(words) ?? [];
  if (hour === '' || Number(hour) > 23 || Number(minute) > 59) return undefined;
  if (day !== undefined) {
    const at = new Date(`${day}T${hour.padStart(2, '0')}:${minute}`).getTime();
    return Number.isNaN(at) ? undefined : at;
  }
  const at = new Date(now);
  at.setHours(Number(hour), Number(minute), 0, 0);
  if (at.getTime() > now) at.setDate(at.getDate() - 1);
  return at.getTime();
};

const ticks = new Set(['x', 'y', 'yes', 'ok', 'done', '1', 'v']);

/** What was typed for a place as the app takes it, or a sentence that says how to type it. */
export const entryOf = (place: PaperPlace, typed: string): PaperEntry | string => {
  const value = typed.trim();
  switch (place.kind) {
    case 'tick':
      return ticks.has(value.toLowerCase())
        ? { kind: 'tick', item: place.item }
        : 'x for a box that is ticked, Enter alone for one that is not.';
    case 'reading': {
      const fine = !value.endsWith('!');
      const read = fine ? value : value.slice(0, -1).trim();
      return read === ''
        ? 'The value comes before the "!".'
        : { kind: 'reading', round: place.round, reading: place.reading, value: read, fine };
    }
    case 'fill': {
      if (place.options.length === 0) return { kind: 'fill', field: place.field, value };
      const fits = place.options.filter((option) => option.toLowerCase().startsWith(value.toLowerCase()));
      const [only] = fits;
      return only !== undefined && fits.length === 1
        ? { kind: 'fill', field: place.field, value: only }
        : `The first letters of one of: ${place.options.join(', ')}.`;
    }
  }
};
