import { z } from 'zod';
import { askDatadog } from './datadog-queries.ts';
import type { Datadog } from './datadog-queries.ts';
import type { ProbeContext } from './probe.ts';

/**
 * Datadog tells of muting in three ways: by scope in the monitor's own options, by the downtimes of its older API in the
 * list of monitors, and by those of its newer API monitor by monitor. One that is over mutes nothing any more.
 */
export const mutingSchema = z.object({
  id: z.number().nullish(),
  options: z.object({ silenced: z.record(z.string(), z.number().nullable()).nullish() }).nullish(),
  matching_downtimes: z
    .array(z.looseObject({ start: z.number().nullish(), end: z.number().nullish(), disabled: z.boolean().nullish() }))
    .nullish(),
});
type Muting = z.output<typeof mutingSchema>;

const matchesSchema = z.object({
  data: z.array(
    z.object({ attributes: z.object({ start: z.string().nullish(), end: z.string().nullish() }).nullish() }),
  ),
});

/** How many monitors are asked for one by one. */
const mostAsked = 20;

const isWithin = (now: number, from: number | null, to: number | null): boolean =>
  (from === null || from <= now) && (to === null || to > now);
/** Datadog's moments are seconds. */
const ms = (seconds: number | null | undefined): number | null => (seconds == null ? null : seconds * 1_000);
const momentOf = (words: string | null | undefined): number | null => (words == null ? null : Date.parse(words));

/** By what the list of monitors itself says. */
export const isMuted = ({ options, matching_downtimes: downtimes }: Muting, now: number): boolean =>
  Object.values(options?.silenced ?? {}).some((end) => isWithin(now, null, ms(end))) ||
  (downtimes ?? []).some(({ start, end, disabled }) => disabled !== true && isWithin(now, ms(start), ms(end)));

/** Which of these the newer downtimes mute; and why that cannot be told, where it cannot. */
export const mutedAnew = async <One extends Muting>(
  from: Datadog,
  monitors: readonly One[],
  context: ProbeContext,
): Promise<{ readonly muted: ReadonlySet<One>; readonly untold: string | null }> => {
  const known = monitors.filter(({ id }) => id != null);
  let refused: number | null = null;
  const asked = await Promise.all(
    known.slice(0, mostAsked).map(async (one) => {
      const answer = await askDatadog(from, `/api/v2/monitor/${one.id}/downtime_matches`, context);
      const matches = matchesSchema.safeParse(answer.json);
      if (answer.status !== 200 || !matches.success) {
        refused = answer.status;
        return [];
      }
      const active = matches.data.data.some(({ attributes }) =>
        isWithin(context.now(), momentOf(attributes?.start), momentOf(attributes?.end)),
      );
      return active ? [one] : [];
    }),
  );
  const untold =
    refused !== null
      ? `newer downtimes (Datadog answers ${String(refused)}; give the application key the scope monitors_downtime)`
      : known.length > mostAsked
        ? `newer downtimes of ${known.length - mostAsked} monitors; name more tags`
        : null;
  return { muted: new Set(asked.flat()), untold };
};
