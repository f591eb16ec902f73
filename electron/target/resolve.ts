import { ProbeAbsent, ProbeUnknown } from '../probes/probe.ts';
import type { Moments, Typed } from '../probes/probe.ts';

/** Where a target's variables and secret references get their values, asked anew at each use. */
export type Sources = {
  /** "practice.http" → value, or a sentence why there is none in this run. */
  readonly variable: (name: string) => { readonly value: string } | { readonly absent: string };
  /** The secret, or null where it is not set on this machine. */
  readonly secret: (name: string) => Promise<string | null>;
  /** What a person typed for a probe last, by the probe's id. */
  readonly typed?: (probe: string) => Typed | null;
  /** The run's baseline and T-0 as they are now. */
  readonly moments?: () => Moments;
};

const variables = /\$\{([a-z0-9.-]+)\}/gi;
const wholeSecret = /^secret:([A-Za-z0-9._-]+)$/;

const resolveText = async (text: string, sources: Sources): Promise<string> => {
  const secret = wholeSecret.exec(text)?.[1];
  if (secret !== undefined) {
    const value = await sources.secret(secret);
    if (value === null)
      throw new ProbeUnknown('secret-missing', `The secret "${secret}" is not set on this machine; set it first.`);
    return value;
  }
  return text.replaceAll(variables, (_, name: string) => {
    const found = sources.variable(name);
    if ('absent' in found) throw new ProbeAbsent(found.absent);
    return found.value;
  });
};

/**
 * What a target writes under `with`, with "${name}" and "secret:NAME" replaced wherever a string stands. Throws
 * ProbeAbsent where a variable has no value in this run and ProbeUnknown where a secret is not set.
 */
export const resolveParams = async (value: unknown, sources: Sources): Promise<unknown> => {
  if (typeof value === 'string') return resolveText(value, sources);
  if (Array.isArray(value)) return Promise.all(value.map((entry) => resolveParams(entry, sources)));
  if (typeof value !== 'object' || value === null) return value;
  const entries = await Promise.all(
    Object.entries(value).map(async ([key, entry]) => [key, await resolveParams(entry, sources)] as const),
  );
  return Object.fromEntries(entries);
};
