import { cloudwatchProbe } from './cloudwatch.ts';
import { commandProbe } from './command.ts';
import { datadogProbe } from './datadog.ts';
import { dnsProbe } from './dns.ts';
import { githubProbe } from './github.ts';
import { hostProbe } from './host.ts';
import { httpProbe } from './http.ts';
import { journeyProbe } from './journey.ts';
import { manualProbe } from './manual.ts';
import { kubernetesProbe } from './kubernetes.ts';
import { logProbe } from './log.ts';
import { pagerdutyProbe } from './pagerduty.ts';
import { postgresProbe } from './postgres.ts';
import type { ProbeKind } from './probe.ts';
import { prometheusProbe } from './prometheus.ts';
import { redisProbe } from './redis.ts';
import { s3Probe } from './s3.ts';
import { statuspageProbe } from './statuspage.ts';
import { tcpProbe } from './tcp.ts';
import { tlsProbe } from './tls.ts';
import { websocketProbe } from './websocket.ts';

/** Every kind of probe that this version knows: one file and one line here. */
export const probeKinds: readonly ProbeKind[] = [
  httpProbe,
  journeyProbe,
  tlsProbe,
  dnsProbe,
  tcpProbe,
  websocketProbe,
  postgresProbe,
  redisProbe,
  logProbe,
  commandProbe,
  kubernetesProbe,
  prometheusProbe,
  hostProbe,
  datadogProbe,
  cloudwatchProbe,
  s3Probe,
  githubProbe,
  statuspageProbe,
  pagerdutyProbe,
  manualProbe,
];
