import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { prometheusPath, startPrometheus } from './fixtures/prometheus-server.ts';
import type { RealPrometheus } from './fixtures/prometheus-server.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { hostProbe } from './host.ts';
import { prometheusProbe } from './prometheus.ts';

/** A machine half busy, with a disk three quarters full, as node exporter tells of it. */
const page = (seconds: number): string => `# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} ${1_000 + seconds / 2}
node_cpu_seconds_total{cpu="0",mode="user"} ${500 + seconds / 2}
node_memory_MemTotal_bytes 8e+09
node_memory_MemAvailable_bytes 2e+09
node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 2.147483648e+10
node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 5.36870912e+09
node_disk_reads_completed_total{device="sda"} ${100 + 10 * seconds}
node_disk_writes_completed_total{device="sda"} ${100 + 30 * seconds}
node_network_receive_bytes_total{device="eth0"} ${1_000_000 * seconds}
node_network_transmit_bytes_total{device="eth0"} ${500_000 * seconds}
node_load1 0.75
`;

describe.skipIf(prometheusPath === null)('a real Prometheus', () => {
  let prometheus: RealPrometheus;
  let instance = '';
  beforeAll(async () => {
    const begun = Date.now();
    const url = await serveHttp((_, response) => {
      response.setHeader('content-type', 'text/plain; version=0.0.4');
      response.end(page((Date.now() - begun) / 1_000));
    });
    instance = new URL(url).host;
    prometheus = await startPrometheus(instance);
  }, 60_000);
  afterAll(async () => {
    await prometheus.stop();
    await stopServers();
  });

  it('answers instant and range queries, and what it finds wrong with one is said', async () => {
    const queries = {
      up: 'up',
      memory: '100 * (1 - node_memory_MemAvailable_bytes / node_memory_MemTotal_bytes)',
      most: { query: 'node_load1', range: '1m', of: 'max' },
      none: 'unheard_of_total',
      many: 'node_cpu_seconds_total',
      bad: 'sum(',
    };
    const { answer } = await runProbe(prometheusProbe, { url: prometheus.url, queries });
    expect(answer).toMatchObject({ verdict: 'up', values: { up: 1, memory: 75, most: 0.75 } });
    for (const name of ['none', 'many', 'bad']) expect(answer.values).not.toHaveProperty(name);
    expect(answer.facts?.['cannotTell']).toContain('none (it finds no series)');
    expect(answer.facts?.['cannotTell']).toContain('many (it finds 2 series');
    expect(answer.facts?.['cannotTell']).toContain('parse error');
  });

  it('tells of a machine by the rates that it reckons itself', async () => {
    const { answer } = await runProbe(hostProbe, { url: prometheus.url, instance });
    expect(answer).toMatchObject({ verdict: 'up', values: { memoryPercent: 75, diskPercent: 75, diskFreeGb: 5 } });
  });
});
