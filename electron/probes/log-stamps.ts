/** Reads when an entry says that it was written: UTC epoch ms; null where it does not say, or not for which zone. */
export type ReadStamp = (value: unknown) => number | null;

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const zoneMark = 'Z(?!\\w)|\\s?[+\\-]\\d\\d:?\\d\\d(?!\\d)';
/** As ISO 8601 and most loggers write it, and nginx for its errors: 2026-11-23 05:00:00,123 or 2026/11/23 05:00:00. */
const yearFirst = new RegExp(
  `(\\d{4})[\\-\\/](\\d\\d)[\\-\\/](\\d\\d)[T ](\\d\\d):(\\d\\d):(\\d\\d)(?:[.,](\\d+))?(${zoneMark})?`,
  'v',
);
/** As web servers write their access logs: 23/Nov/2026:05:00:00 +0000. */
const dayFirst = new RegExp(
  `(\\d\\d)\\/(${months.join('|')})\\/(\\d{4}):(\\d\\d):(\\d\\d):(\\d\\d)(${zoneMark})?`,
  'v',
);

const offsetOf = (mark: string): number => {
  const [, sign, hours, minutes] = /^\s?([+\-])(\d\d):?(\d\d)$/v.exec(mark) ?? [];
  return (sign === '-' ? -1 : 1) * (Number(hours ?? 0) * 60 + Number(minutes ?? 0)) * 60_000;
};

const quarter = 900_000;

/** How far a zone is ahead of UTC, in ms; asked once for the entries of the same quarter of an hour. */
const offsetsOf = (zone: string) => {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  let known = { quarter: Number.NaN, offset: 0 };
  return (at: number): number => {
    const asked = Math.floor(at / quarter);
    if (asked !== known.quarter) {
      const mark = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? 'GMT';
      known = { quarter: asked, offset: offsetOf(mark.replace('GMT', '')) };
    }
    return known.offset;
  };
};

/** `zone` is that of stamps which name none; without it those are not believed, as the hour could be any. */
export const createStampReader = (zone?: string): ReadStamp => {
  const ahead = zone === undefined ? null : offsetsOf(zone);
  const momentAt = (wall: number, mark: string | undefined): number | null => {
    if (Number.isNaN(wall)) return null;
    if (mark !== undefined) return wall - offsetOf(mark);
    if (ahead === null) return null;
    // Near a change of the clocks the offset at the moment itself counts, which is not known before.
    return wall - ahead(wall - ahead(wall));
  };
  return (value) => {
    if (typeof value === 'number') return value > 1e11 ? value : value > 1e9 ? value * 1_000 : null;
    if (typeof value !== 'string') return null;
    const words = value.slice(0, 96);
    const iso = yearFirst.exec(words.slice(0, 48));
    if (iso !== null) {
      const [, year, month, day, hour, minute, second, part = '', mark] = iso;
      const ms = Number(part.padEnd(3, '0').slice(0, 3));
      return momentAt(Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) + ms, mark);
    }
    const clf = dayFirst.exec(words);
    if (clf === null) return null;
    const [, day, month = '', year, hour, minute, second, mark] = clf;
    const number = String(months.indexOf(month) + 1).padStart(2, '0');
    return momentAt(Date.parse(`${year}-${number}-${day}T${hour}:${minute}:${second}Z`), mark);
  };
};
