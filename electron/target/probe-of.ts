import type { ProbeSpec } from '../../shared/target/schema.ts';
import { noMoments, ProbeUnknown } from '../probes/probe.ts';
import type { Probe, ProbeKind } from '../probes/probe.ts';
import { resolveParams } from './resolve.ts';
import type { Sources } from './resolve.ts';

/**
 * The probe that a target's entry asks for. Variables and secrets are looked up when it first runs and again whenever
 * they changed, because a part of the practice service may come up later, or come back on another port.
 */
export const probeOf = (spec: ProbeSpec, kinds: ReadonlyMap<string, ProbeKind>, sources: Sources, id = ''): Probe => {
  let open: { readonly key: string; readonly probe: Probe } | null = null;
  return {
    run: async (context) => {
      const kind = kinds.get(spec.kind);
      if (kind === undefined)
        throw new ProbeUnknown('no-such-kind', `This version knows no probe of kind "${spec.kind}".`);
      const params = await resolveParams(spec.with, sources);
      const key = JSON.stringify(params);
      if (open?.key !== key) {
        await open?.probe.close();
        context.memory.clear();
        open = { key, probe: kind.open(params) };
      }
      // After the variables are in: what is typed is never taken for a reference.
      const known = { typed: sources.typed?.(id) ?? null, moments: sources.moments?.() ?? noMoments };
      return open.probe.run({ ...context, ...known });
    },
    close: () => open?.probe.close(),
  };
};
