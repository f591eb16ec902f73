import { httpProbe } from './http.ts';
import type { ProbeKind } from './probe.ts';

/** Every kind of probe that this version knows: one file and one line here. */
export const probeKinds: readonly ProbeKind[] = [httpProbe];
