import { z } from 'zod';

const units: Record<string, number> = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** "500ms", "5s", "2m", "1h", "1d" → milliseconds. */
export const durationSchema = z
  .string()
  .regex(/^\d+(\.\d+)?(ms|s|m|h|d)$/, 'a duration is a number and ms, s, m, h or d, such as "5s"')
  .transform((text) => {
    const [, number = '0', unit = 'ms'] = /^([\d.]+)(\w+)$/.exec(text) ?? [];
    return Math.round(Number(number) * (units[unit] ?? 1));
  });

/** The name by which a target's parts call each other. */
export const idSchema = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id is lower case letters, digits and hyphens');

/** An IANA zone that this machine knows. */
export const zoneSchema = z
  .string()
  .max(80)
  .refine((name) => {
    try {
      return new Intl.DateTimeFormat('en', { timeZone: name }) instanceof Intl.DateTimeFormat;
    } catch {
      return false;
    }
  }, 'name a time zone, such as Europe/Berlin');
