import { formatSpan } from '../../shared/format.ts';
import type { GoneBack } from '../../shared/projections/rollback.ts';
import { notBack } from '../../shared/rollback/recovery.ts';
import type { RecoverySigns } from '../../shared/rollback/recovery.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Ground } from './work.ts';

const pollMs = 1_000;
/** Nobody looked for longer than this, as while the machine slept: what was seen before counts no more. */
const mostGapMs = 20_000;

const judgedBy = ({ ids, edges }: RecoverySigns): string =>
  edges.length === 0
    ? `there is no baseline to compare with, so ${ids.length} values were held against their lines`
    : `${edges.length} metrics are where they were before the deployment and ${ids.length} values inside their lines`;

/** The looks at it: since when it is watched, and since when all was well, in ms of the monotonic clock. */
const createLooks = ({ clock }: Ground) => {
  let since = clock.monotonic();
  let wellSince: number | null = null;
  let looked = clock.now();
  return (isWell: boolean): { readonly forMs: number; readonly wellMs: number } => {
    const now = clock.monotonic();
    // By the wall's clock, because the monotonic one may stand still while the machine sleeps.
    const gapMs = clock.now() - looked;
    looked += gapMs;
    if (gapMs > mostGapMs) [since, wellSince] = [now, null];
    wellSince = isWell ? (wellSince ?? now) : null;
    return { forMs: now - since, wellMs: wellSince === null ? 0 : now - wellSince };
  };
};

/**
 * After a rollback, by War Room or without it: watches until every metric stayed where it was before the deployment, and
 * what is critical inside its lines, for a while, and says so; where the time for it is over first, it says that, and goes
 * on. It ends once all is back; the returned function ends it earlier. Begun anew by a later life of this app, it counts
 * from there: nobody looked in between.
 */
export const watchRecovery = (
  ground: Ground,
  target: Target,
  { rollback, recovery }: Pick<GoneBack, 'rollback' | 'recovery'>,
  signs: RecoverySigns,
): (() => void) => {
  const { for: neededMs, within } = target.rollback?.recovery ?? { for: 300_000, within: 600_000 };
  const looks = createLooks(ground);
  let isLate = recovery?.back === false;
  const say = (back: boolean, sentence: string): void => {
    ground.append({ kind: 'app' }, [{ type: 'rollback-recovered', body: { rollback, back, sentence } }]);
    // Only what is on disk was said: where a full disk refuses it, the next look says it again.
    isLate = true;
    if (back) clearInterval(timer);
  };
  const look = (): void => {
    const wrong = notBack(signs, target, ground.health);
    const { forMs, wellMs } = looks(wrong.length === 0);
    if (wrong.length === 0 && wellMs >= neededMs)
      say(true, `Back to the baseline for ${formatSpan(wellMs)}: ${judgedBy(signs)}.`);
    else if (forMs >= within && !isLate)
      say(
        false,
        wrong.length === 0
          ? `Well for ${formatSpan(wellMs)} only, after ${formatSpan(within)}: ${judgedBy(signs)}.`
          : `Not back after ${formatSpan(within)}: ${wrong.join('; ')}.`,
      );
  };
  const timer = setInterval(() => {
    try {
      look();
    } catch (cause) {
      ground.log.error('a look at the recovery failed', cause);
    }
  }, pollMs);
  timer.unref();
  return () => clearInterval(timer);
};
