import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { hostProbe } from './host.ts';

afterAll(stopServers);

/** A page as node exporter writes it, after so many seconds of a half busy machine. */
const page = (seconds: number): string => `# HELP node_cpu_seconds_total Seconds the CPUs spent in each mode.
# TYPE node_cpu_seconds_total counter
node_cpu_seconds_total{cpu="0",mode="idle"} ${1_000 + seconds / 2}
node_cpu_seconds_total{cpu="0",mode="user"} ${500 + seconds / 2}
node_cpu_seconds_total{cpu="1",mode="idle"} ${2_000 + seconds}
node_cpu_seconds_total{cpu="1",mode="user"} 50
node_memory_MemTotal_bytes 8e+09
node_memory_MemAvailable_bytes 2e+09
node_filesystem_size_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 2.147483648e+10
node_filesystem_avail_bytes{device="/dev/sda1",fstype="ext4",mountpoint="/"} 5.36870912e+09
node_filesystem_size_bytes{device="/dev/sdb1",fstype="ext4",mountpoint="/data"} 1e+12
node_filesystem_avail_bytes{device="/dev/sdb1",fstype="ext4",mountpoint="/data"} 1e+12
node_disk_reads_completed_total{device="sda"} ${100 + 10 * seconds}
node_disk_reads_completed_total{device="dm-0"} ${100 + 10 * seconds}
node_disk_writes_completed_total{device="sda"} ${100 + 30 * seconds}
node_network_receive_bytes_total{device="eth0"} ${1_000_000 * seconds}
node_network_receive_bytes_total{device="lo"} ${9_000_000 * seconds}
node_network_receive_bytes_total{device="veth12"} ${9_000_000 * seconds}
node_network_transmit_bytes_total{device="eth0"} ${500_000 * seconds}
node_load1 0.75
`;

test('levels at the first look, rates from the second on; what counts twice is left out', async () => {
  let seconds = 0;
  const url = await serveHttp((_, response) => response.end(page(seconds)));
  const probe = hostProbe.open({ url });
  const memory = new Map<string, unknown>();
  let now = 1_000_000;
  const look = () => probe.run({ signal: AbortSignal.timeout(2_000), deadlineMs: 2_000, now: () => now, memory });
  expect(await look()).toMatchObject({
    verdict: 'up',
    values: { memoryPercent: 75, diskPercent: 75, diskFreeGb: 5, load: 0.75 },
    sentence: 'In use: memory 75 %, disk 75 %.',
  });
  [seconds, now] = [10, now + 10_000];
  expect(await look()).toMatchObject({
    values: { cpuPercent: 25, diskIoPerSecond: 40, networkMbps: 12 },
    sentence: 'In use: CPU 25 %, memory 75 %, disk 75 %.',
  });
  // The machine was restarted: its counters begin anew.
  [seconds, now] = [0, now + 10_000];
  const { values } = await look();
  expect(values).toMatchObject({ memoryPercent: 75 });
  expect(values).not.toHaveProperty('cpuPercent');
  expect(values).not.toHaveProperty('networkMbps');
});

test('a disk that is not mounted is said, and another page is none', async () => {
  const url = await serveHttp((_, response) => response.end(page(0)));
  const { answer } = await runProbe(hostProbe, { url, disk: '/backup' });
  expect(answer).toMatchObject({ facts: { cannotTell: 'No disk is mounted at /backup.' } });
  expect(answer.values).not.toHaveProperty('diskPercent');
  const other = await serveHttp((_, response) => response.end('http_requests_total 3\n'));
  await expect(runProbe(hostProbe, { url: other })).rejects.toMatchObject({ reason: 'not-understood' });
});

test('through Prometheus, which does the rates', async () => {
  const queries: string[] = [];
  const { url } = await serveJson({
    '/api/v1/query': (path: string) => {
      const query = new URL(path, 'http://x').searchParams.get('query') ?? '';
      queries.push(query);
      const result = query.includes('disk_reads') ? [] : [{ metric: {}, value: [1, '42'] }];
      return { status: 'success', data: { resultType: 'vector', result } };
    },
  });
  const { answer } = await attemptOf(hostProbe.open({ url, instance: 'db-1:9100' }).run);
  expect(answer).toMatchObject({
    verdict: 'up',
    values: { cpuPercent: 42, memoryPercent: 42, diskPercent: 42, networkMbps: 42 },
    sentence: 'In use: CPU 42 %, memory 42 %, disk 42 %. Not told: diskIoPerSecond (it finds no series).',
  });
  expect(queries).toHaveLength(7);
  for (const query of queries) expect(query).toContain('instance="db-1:9100"');
});

toolTrouble(hostProbe, (url) => ({ url, auth: { bearer: 'canary-of-this-tool' } }));
