/** A target of `count` HTTP probes on a service at `port`, each with a metric of its own. */
export const healthTarget = (port: number, count: number, everyS: number) => ({
  version: 1,
  service: 'bench',
  environment: 'development',
  probes: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `health-${at}`,
      {
        kind: 'http',
        label: `Health ${at}`,
        every: `${everyS}s`,
        with: { url: `http://127.0.0.1:${port}/health?${at}`, expect: { status: 200, json: { '$.status': 'ok' } } },
      },
    ]),
  ),
  metrics: Object.fromEntries(
    Array.from({ length: count }, (_, at) => [
      `latency-${at}`,
      {
        label: `Latency ${at}`,
        unit: 'ms',
        probe: `health-${at}`,
        series: 'latencyMs',
        aggregate: 'p95',
        target: '< 500',
        alert: '> 1000',
        window: `${everyS * 24}s`,
      },
    ]),
  ),
});
