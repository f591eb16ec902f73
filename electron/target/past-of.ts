import type { ProbeSpec } from '../../shared/target/schema.ts';
import type { Past, ProbeKind, Remembered } from '../probes/probe.ts';
import { resolveParams } from './resolve.ts';
import type { Sources } from './resolve.ts';

/** The longest that a source is given to tell its past. */
const deadlineMs = 10_000;

/**
 * What the source of a probe remembers of a stretch of time, asked by an instance of its own. Null where that kind of source
 * remembers nothing; throws ProbeUnknown and ProbeAbsent as a probe does.
 */
export const pastOf = async (
  spec: ProbeSpec,
  kinds: ReadonlyMap<string, ProbeKind>,
  sources: Sources,
  past: Past,
): Promise<Remembered | null> => {
  const kind = kinds.get(spec.kind);
  if (kind === undefined || spec.once) return null;
  const probe = kind.open(await resolveParams(spec.with, sources));
  try {
    const signal = AbortSignal.timeout(deadlineMs);
    return (await probe.past?.(past, { signal, deadlineMs, now: Date.now, memory: new Map() })) ?? null;
  } finally {
    await probe.close();
  }
};
