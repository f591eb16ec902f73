import type { z } from 'zod';
import { refuse } from './api.ts';
import { askAws, awsUrl } from './aws.ts';
import type { AwsKeys } from './aws.ts';
import { ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';

const tool = 'CloudWatch';

const actions = {
  GetMetricData: ['monitoring', 'GraniteServiceVersion20100801', '1.0'],
  FilterLogEvents: ['logs', 'Logs_20140328', '1.1'],
  StartQuery: ['logs', 'Logs_20140328', '1.1'],
  GetQueryResults: ['logs', 'Logs_20140328', '1.1'],
} as const;

export type Cloudwatch = AwsKeys & { readonly endpoint?: string | undefined; readonly logGroup?: string | undefined };

/** One action of CloudWatch or its logs, by the JSON protocol of AWS. Throws ProbeUnknown for every refusal. */
export const act = async <Schema extends z.ZodType>(
  own: Cloudwatch,
  action: keyof typeof actions,
  body: object,
  schema: Schema,
  context: ProbeContext,
): Promise<z.output<Schema>> => {
  const [service, prefix, version] = actions[action];
  const answer = await askAws(
    own,
    {
      tool,
      service,
      url: own.endpoint ?? `${awsUrl(service, own.region)}/`,
      method: 'POST',
      headers: { 'content-type': `application/x-amz-json-${version}`, 'x-amz-target': `${prefix}.${action}` },
      body: JSON.stringify(body),
      secrets: own.logGroup === undefined ? [] : [own.logGroup],
    },
    context,
  );
  const { json } = answer;
  if (answer.status === 200) {
    const parsed = schema.safeParse(json);
    if (!parsed.success)
      throw new ProbeUnknown('not-understood', 'CloudWatch answers in a form that is not known here.');
    return parsed.data;
  }
  const type = typeof json === 'object' && json !== null && !Array.isArray(json) ? json['__type'] : undefined;
  const code = typeof type === 'string' ? answer.shown(type.replace(/^.*#/, ''), 60) : '';
  if (code.startsWith('ResourceNotFound'))
    throw new ProbeUnknown('not-found', 'CloudWatch knows no group of logs of this name in this region.');
  if (/AccessDenied|UnrecognizedClient|InvalidSignature|InvalidClientToken|ExpiredToken|MissingAuth/.test(code))
    throw new ProbeUnknown(
      'not-allowed',
      `CloudWatch refuses the keys for ${action} (${code}); set them anew or give them the right to read.`,
    );
  if (/Throttling|LimitExceeded/.test(code))
    throw new ProbeUnknown('rate-limited', 'CloudWatch is asked too often; make the interval longer.');
  return refuse(tool, answer);
};
