import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { refuse } from './api.ts';
import type { ApiAnswer } from './api.ts';
import { askAws, awsParams } from './aws.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';

const params = z.strictObject({
  ...awsParams,
  bucket: z.string().min(1),
  key: z
    .string()
    .min(1)
    .default('war-room-marker')
    .describe('Beginning of the name of the object that is written, read and removed'),
  repeat: z.literal('safe').optional().describe('Says that it may be written again and again'),
});
type Params = z.output<typeof params>;

const urlOf = ({ bucket, region, endpoint }: Params, key: string): string => {
  const path = key.split('/').map(encodeURIComponent).join('/');
  return endpoint === undefined
    ? `https://${bucket}.s3.${region}.amazonaws.com/${path}`
    : `${endpoint.replace(/\/+$/, '')}/${bucket}/${path}`;
};

/** The code in S3's XML answers, such as NoSuchBucket. */
const codeOf = ({ body }: ApiAnswer): string =>
  /<Code>(\w{1,60})<\/Code>/.exec(body.toString('utf8').slice(0, 4_000))?.[1] ?? '';

const checked = (answer: ApiAnswer, what: string, right: readonly number[]): void => {
  if (right.includes(answer.status)) return;
  const code = codeOf(answer);
  if (code === 'NoSuchBucket')
    throw new ProbeUnknown('not-found', 'S3 knows no bucket of this name; look at bucket and region.');
  if (code === 'SignatureDoesNotMatch' || code === 'InvalidAccessKeyId' || code === 'AccessDenied')
    throw new ProbeUnknown('not-allowed', `S3 refuses ${what} (${code}); look at the keys and their rights.`);
  return refuse('S3', answer);
};

const roundTrip = async (own: Params, context: ProbeContext): Promise<Answer> => {
  const marker = `war-room ${context.now()} ${randomBytes(8).toString('hex')}`;
  const key = `${own.key}-${randomBytes(6).toString('hex')}`;
  const call = async (method: string, what: string, right: readonly number[], body?: string): Promise<ApiAnswer> => {
    const answer = await askAws(
      own,
      {
        tool: 'S3',
        service: 's3',
        url: urlOf(own, key),
        method,
        headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        ...(body === undefined ? {} : { body }),
      },
      context,
    );
    checked(answer, what, right);
    return answer;
  };
  const put = await call('PUT', 'to write', [200], marker);
  let got: ApiAnswer;
  try {
    got = await call('GET', 'to read', [200]);
  } finally {
    // The marker is taken away again, whatever the reading said.
    await call('DELETE', 'to remove', [200, 204]).catch(() => {});
  }
  const values = { putMs: put.tookMs, getMs: got.tookMs, latencyMs: put.tookMs + got.tookMs };
  const gone = await askAws(own, { tool: 'S3', service: 's3', url: urlOf(own, key), method: 'HEAD' }, context);
  if (gone.status === 200)
    return down(
      {
        reason: 'not-removed',
        sentence: `The marker ${masked(key, [], 100)} was written and read, but could not be removed.`,
      },
      { values },
    );
  if (got.body.toString('utf8') !== marker)
    return down(
      { reason: 'wrong-content', sentence: 'The marker came back with other content than was written.' },
      { values },
    );
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `Wrote, read and removed a marker in ${Math.round(values.latencyMs)} ms.`,
    values,
  };
};

export const s3Probe = defineProbe({
  kind: 's3',
  summary: 'A marker object in S3 or what speaks like it: written, read back, removed',
  params,
  series: () => [
    { name: 'latencyMs', unit: 'ms', label: 'Time to write and read' },
    { name: 'putMs', unit: 'ms', label: 'Time to write' },
    { name: 'getMs', unit: 'ms', label: 'Time to read' },
  ],
  changes: ({ repeat }) => repeat !== 'safe',
  open: (own) => ({ run: (context) => roundTrip(own, context), close: () => {} }),
});
