import { z } from 'zod';
import { targetSchema } from '../../shared/target/schema.ts';
import type { MetricSpec, ProbeSpec, Target } from '../../shared/target/schema.ts';
import { probeKinds } from './index.ts';
import type { ProbeKind } from './probe.ts';

/** A fault at a place in a target, named by its path of keys and indexes. */
type Fault = { readonly path: readonly (string | number)[]; readonly message: string };

const kinds: ReadonlyMap<string, ProbeKind> = new Map(probeKinds.map((kind) => [kind.kind, kind]));

/** Numbers that every probe yields besides its own. */
const ownSeries = ['up', 'failed'];

const paramFaults = (id: string, spec: ProbeSpec): Fault[] => {
  const kind = kinds.get(spec.kind);
  if (kind === undefined)
    return [
      {
        path: ['probes', id, 'kind'],
        message: `there is no kind of probe "${spec.kind}"; there are ${[...kinds.keys()].join(', ')}`,
      },
    ];
  const parsed = kind.params.safeParse(spec.with);
  if (parsed.success) {
    const repeats = !spec.once && kind.changes(spec.with);
    const message =
      'this request changes something: say "once: true" beside kind, or "repeat: safe" under with if it may be sent again and again';
    return repeats ? [{ path: ['probes', id, 'with'], message }] : [];
  }
  return parsed.error.issues.map((issue) => ({
    path: ['probes', id, 'with', ...issue.path.map((key) => (typeof key === 'number' ? key : String(key)))],
    message: issue.code === 'unrecognized_keys' ? `${spec.kind} knows no ${issue.keys.join(', ')}` : issue.message,
  }));
};

const seriesOf = (spec: ProbeSpec): readonly string[] | null => {
  const parsed = kinds.get(spec.kind)?.params.safeParse(spec.with);
  return parsed?.success === true
    ? [...(kinds.get(spec.kind)?.series(spec.with) ?? []).map(({ name }) => name), ...ownSeries]
    : null;
};

const needed: Partial<Record<MetricSpec['aggregate'], number>> = { p95: 20, p99: 100 };

const metricFaults = (id: string, metric: MetricSpec, probe: ProbeSpec | undefined): Fault[] => {
  const faults: Fault[] = [];
  const at = (key: string): Fault['path'] => ['metrics', id, key];
  const known = probe === undefined ? null : seriesOf(probe);
  for (const key of ['series', 'of'] as const) {
    const name = metric[key];
    if (name !== undefined && known !== null && !known.includes(name))
      faults.push({
        path: at(key),
        message: `the probe "${metric.probe}" yields no number "${name}"; it yields ${known.join(', ')}`,
      });
  }
  if ((metric.aggregate === 'ratio') !== (metric.of !== undefined))
    faults.push({
      path: at('aggregate'),
      message: 'a ratio names the counter of its part under "of", and only a ratio does',
    });
  const need = needed[metric.aggregate];
  const readings = probe === undefined || probe.once ? Infinity : Math.floor(metric.window / probe.every);
  if (need !== undefined && readings < need)
    faults.push({
      path: at('window'),
      message: `a ${metric.aggregate} needs ${need} readings, and this window holds ${readings}; make it longer or ask more often`,
    });
  return faults;
};

/**
 * What no schema of one part alone can see: each probe's params by its kind, and whether its numbers bear the metrics.
 * One probe or metric at a time, for whoever has something else to do in between.
 */
export const paramChecks = function* ({ probes, metrics }: Target): Generator<readonly Fault[]> {
  for (const [id, spec] of Object.entries(probes)) yield paramFaults(id, spec);
  for (const [id, metric] of Object.entries(metrics)) yield metricFaults(id, metric, probes[metric.probe]);
};

export const checkProbeParams = (target: Target): readonly Fault[] => [...paramChecks(target)].flat();

type Json = Record<string, unknown>;

const inputSchema = (schema: z.ZodType): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  return rest;
};

/** The JSON schema of a target file, for editors: each kind of probe brings the shape of its own `with`. */
export const targetJsonSchema = (): Json => {
  const schema = inputSchema(targetSchema);
  const properties = schema['properties'] as Json;
  const probes = properties['probes'] as Json;
  const probe = probes['additionalProperties'] as Json;
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    title: 'War Room target',
    ...schema,
    properties: {
      ...properties,
      probes: {
        ...probes,
        additionalProperties: {
          ...probe,
          properties: {
            ...(probe['properties'] as Json),
            kind: { enum: probeKinds.map(({ kind }) => kind), description: 'The kind of probe' },
          },
          allOf: probeKinds.map(({ kind, summary, params }) => ({
            if: { properties: { kind: { const: kind } } },
            // oxlint-disable-next-line unicorn/no-thenable -- JSON Schema's own keyword; nothing awaits this object
            then: { properties: { with: { ...inputSchema(params), description: summary } } },
          })),
        },
      },
    },
  };
};
