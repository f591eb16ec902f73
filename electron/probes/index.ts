import { dnsProbe } from './dns.ts';
import { httpProbe } from './http.ts';
import type { ProbeKind } from './probe.ts';
import { postgresProbe } from './postgres.ts';
import { redisProbe } from './redis.ts';
import { tlsProbe } from './tls.ts';
import { websocketProbe } from './websocket.ts';

/** Every kind of probe that this version knows: one file and one line here. */
export const probeKinds: readonly ProbeKind[] = [
  httpProbe,
  tlsProbe,
  dnsProbe,
  websocketProbe,
  postgresProbe,
  redisProbe,
];
