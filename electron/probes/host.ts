import { z } from 'zod';
import { formatNumber } from '../../shared/format.ts';
import { ask, refuse } from './api.ts';
import { authHeaders, authSchema } from './auth.ts';
import { sumSamples } from './exposition.ts';
import type { Wanted } from './exposition.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext, SeriesSpec } from './probe.ts';
import { prometheusProbe } from './prometheus.ts';

const params = z.strictObject({
  url: z.string().min(1).describe("node exporter's page, or the address of Prometheus where an instance is named"),
  instance: z.string().min(1).optional().describe('Asks Prometheus for the host that it calls so, such as "db-1:9100"'),
  disk: z.string().default('/').describe('Where the disk is mounted whose space counts'),
  auth: authSchema.optional(),
  ca: z.string().optional().describe('PEM of a private authority'),
});
type Params = z.output<typeof params>;

const series: readonly SeriesSpec[] = [
  { name: 'cpuPercent', unit: '%', label: 'CPU in use' },
  { name: 'memoryPercent', unit: '%', label: 'Memory in use' },
  { name: 'diskPercent', unit: '%', label: 'Disk space in use' },
  { name: 'diskFreeGb', unit: 'GB', label: 'Disk space left' },
  { name: 'diskIoPerSecond', unit: 'ops/s', label: 'Reads and writes of all disks' },
  { name: 'networkMbps', unit: 'Mbps', label: 'Network, in and out' },
  { name: 'load', unit: '', label: 'Load of the last minute' },
];

/** What is counted elsewhere already (a bridge, a container's end of a cable, a volume on a disk) or is no device at all. */
const notNetwork = 'lo|(veth|docker|br-|cni|cali|flannel|virbr|lxc|dummy|tunl|kube-).*';
const notDisk = '(loop|ram|zram|dm-|md|sr|fd).*';
const [networks, disks] = [notNetwork, notDisk].map((source) => new RegExp(`^(?:${source})$`));

const gib = 1_073_741_824;
const mbps = 8 / 1_000_000;

/** The same numbers in PromQL, so that Prometheus does the rates. */
const queriesOf = (instance: string, mount: string): Readonly<Record<string, string>> => {
  const host = `instance=${JSON.stringify(instance)}`;
  const rate = (name: string, labels = ''): string => `rate(${name}{${host}${labels}}[2m])`;
  const disk = (name: string): string =>
    `max(node_filesystem_${name}_bytes{${host},mountpoint=${JSON.stringify(mount)}})`;
  const io = (name: string): string => `sum(${rate(`node_disk_${name}_completed_total`, `,device!~"${notDisk}"`)})`;
  const net = (name: string): string => `sum(${rate(`node_network_${name}_bytes_total`, `,device!~"${notNetwork}"`)})`;
  return {
    cpuPercent: `100 * (1 - avg(${rate('node_cpu_seconds_total', ',mode="idle"')}))`,
    memoryPercent: `100 * (1 - node_memory_MemAvailable_bytes{${host}} / node_memory_MemTotal_bytes{${host}})`,
    diskPercent: `100 * (1 - ${disk('avail')} / ${disk('size')})`,
    diskFreeGb: `${disk('avail')} / ${gib}`,
    diskIoPerSecond: `${io('reads')} + ${io('writes')}`,
    networkMbps: `(${net('receive')} + ${net('transmit')}) * ${mbps}`,
    load: `node_load1{${host}}`,
  };
};

const wantedOf = (mount: string): Readonly<Record<string, Wanted>> => {
  const all = (name: string): Wanted => ({ name, fits: () => true });
  const on = (name: string): Wanted => ({ name, fits: (labels) => labels.get('mountpoint') === mount });
  const but = (name: string, left: RegExp | undefined): Wanted => ({
    name,
    fits: (labels) => left?.test(labels.get('device') ?? '') !== true,
  });
  return {
    cpu: all('node_cpu_seconds_total'),
    idle: { name: 'node_cpu_seconds_total', fits: (labels) => labels.get('mode') === 'idle' },
    memory: all('node_memory_MemTotal_bytes'),
    available: all('node_memory_MemAvailable_bytes'),
    size: on('node_filesystem_size_bytes'),
    free: on('node_filesystem_avail_bytes'),
    reads: but('node_disk_reads_completed_total', disks),
    writes: but('node_disk_writes_completed_total', disks),
    received: but('node_network_receive_bytes_total', networks),
    sent: but('node_network_transmit_bytes_total', networks),
    load: all('node_load1'),
  };
};

type Sums = Readonly<Record<string, number | null>>;
type Look = { readonly at: number; readonly sums: Sums };

const levels = ({ memory = null, available = null, size = null, free = null, load = null }: Sums) => ({
  ...(memory === null || memory <= 0 || available === null ? {} : { memoryPercent: 100 * (1 - available / memory) }),
  ...(size === null || size <= 0 || free === null
    ? {}
    : { diskPercent: 100 * (1 - free / size), diskFreeGb: free / gib }),
  ...(load === null ? {} : { load }),
});

/** What rose between two looks. A counter that fell was set back by a restart: no rate this time. */
const rates = (before: Look | undefined, now: Look): Record<string, number> => {
  if (before === undefined || now.at <= before.at) return {};
  const rise = (...names: readonly string[]): number | null => {
    const parts = names.map((name) => {
      const [then, after] = [before.sums[name] ?? null, now.sums[name] ?? null];
      return then === null || after === null || after < then ? null : after - then;
    });
    return parts.includes(null) ? null : parts.reduce<number>((sum, part) => sum + (part ?? 0), 0);
  };
  const seconds = (now.at - before.at) / 1_000;
  const [cpu, idle, io, network] = [rise('cpu'), rise('idle'), rise('reads', 'writes'), rise('received', 'sent')];
  return {
    ...(cpu === null || cpu <= 0 || idle === null ? {} : { cpuPercent: 100 * (1 - idle / cpu) }),
    ...(io === null ? {} : { diskIoPerSecond: io / seconds }),
    ...(network === null ? {} : { networkMbps: (network * mbps) / seconds }),
  };
};

const sentenceOf = (values: Readonly<Record<string, number>>): string => {
  const words = [
    ['CPU', 'cpuPercent'],
    ['memory', 'memoryPercent'],
    ['disk', 'diskPercent'],
  ].flatMap(([what = '', name = '']) =>
    values[name] === undefined ? [] : [`${what} ${formatNumber(values[name])} %`],
  );
  return words.length === 0 ? 'The host tells of neither CPU, memory nor disk.' : `In use: ${words.join(', ')}.`;
};

const scrape = async (own: Params, context: ProbeContext): Promise<Answer> => {
  const tool = 'node exporter';
  const page = await ask({ tool, url: own.url, headers: authHeaders(own.auth), ca: own.ca }, context);
  if (page.status !== 200) return refuse(tool, page);
  const wanted = wantedOf(own.disk);
  const found = sumSamples(page.body.toString('utf8'), Object.values(wanted));
  if (found.every((sum) => sum === null))
    throw new ProbeUnknown('not-understood', 'The page has none of the numbers of node exporter; look at the address.');
  const now: Look = {
    at: context.now(),
    sums: Object.fromEntries(Object.keys(wanted).map((name, at) => [name, found[at] ?? null])),
  };
  const values = { ...levels(now.sums), ...rates(context.memory.get('look') as Look | undefined, now) };
  context.memory.set('look', now);
  const noDisk = now.sums['size'] === null ? `No disk is mounted at ${own.disk}.` : '';
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `${sentenceOf(values)} ${noDisk}`.trim(),
    values,
    facts: noDisk === '' ? {} : { cannotTell: noDisk },
  };
};

const throughPrometheus = ({ url, instance = '', disk, auth, ca }: Params) => {
  const inner = prometheusProbe.open({
    url,
    queries: queriesOf(instance, disk),
    ...(auth === undefined ? {} : { auth }),
    ...(ca === undefined ? {} : { ca }),
  });
  return {
    run: async (context: ProbeContext): Promise<Answer> => {
      const answer = await inner.run(context);
      const cannotTell = answer.facts?.['cannotTell'];
      const missing = cannotTell === undefined ? '' : ` Not told: ${cannotTell}.`;
      return { ...answer, sentence: `${sentenceOf(answer.values ?? {})}${missing}` };
    },
    close: inner.close,
  };
};

export const hostProbe = defineProbe({
  kind: 'host',
  summary: "CPU, memory, disk and network of a machine, from node exporter's page or through Prometheus",
  params,
  series: () => series,
  open: (own) =>
    own.instance === undefined ? { run: (context) => scrape(own, context), close: () => {} } : throughPrometheus(own),
});
