import { randomBytes } from 'node:crypto';
import { z } from 'zod';
import { refuse } from './api.ts';
import type { ApiAnswer } from './api.ts';
import { askAws, awsParams, awsUrl } from './aws.ts';
import { down } from './failure.ts';
import type { Failure } from './failure.ts';
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

/** The bucket stands in the path, which suits every bucket and every store that speaks like S3. */
const urlOf = ({ bucket, region, endpoint }: Params, key: string): string =>
  `${(endpoint ?? awsUrl('s3', region)).replace(/\/+$/, '')}/${[bucket, ...key.split('/')].map(encodeURIComponent).join('/')}`;

/** The code in S3's XML answers, such as NoSuchBucket. */
const codeOf = ({ body }: ApiAnswer): string =>
  /<Code>(\w{1,60})<\/Code>/.exec(body.toString('utf8').slice(0, 4_000))?.[1] ?? '';

const keyCodes = ['SignatureDoesNotMatch', 'InvalidAccessKeyId', 'AccessDenied', 'ExpiredToken', 'InvalidToken'];
const regionCodes = ['AuthorizationHeaderMalformed', 'PermanentRedirect', 'TemporaryRedirect'];

/** What an answer says against S3, or null. Throws ProbeUnknown where the keys, the region or this machine are at fault. */
const against = (answer: ApiAnswer, what: string, right: readonly number[]): Failure | null => {
  if (right.includes(answer.status)) return null;
  const code = codeOf(answer);
  if (keyCodes.includes(code))
    throw new ProbeUnknown('not-allowed', `S3 refuses ${what} (${code}); look at the keys and their rights.`);
  if (regionCodes.includes(code))
    throw new ProbeUnknown('wrong-region', 'The bucket is in another region; look at the region.');
  if (code === 'RequestTimeTooSkewed')
    throw new ProbeUnknown('own-clock', 'S3 refuses the time of this machine; set its clock right.');
  if (code === 'NoSuchBucket')
    return { reason: 'no-bucket', sentence: 'S3 has no bucket of this name, so nothing can be uploaded to it.' };
  if (answer.status >= 500)
    return {
      reason: 'server-error',
      sentence: `S3 fails ${what} (${answer.status}${code === '' ? '' : `, ${code}`}).`,
    };
  return refuse('S3', answer);
};

type Send = (method: string, body?: string) => Promise<ApiAnswer>;

const sender =
  (own: Params, key: string, context: ProbeContext): Send =>
  (method, body) =>
    askAws(
      own,
      {
        tool: 'S3',
        service: 's3',
        url: urlOf(own, key),
        method,
        headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' },
        ...(body === undefined ? {} : { body }),
        secrets: [own.bucket],
      },
      context,
    );

/** Takes the marker away; null when it is gone, else why it is still there. */
const remove = async (send: Send): Promise<string | null> => {
  const { status } = await send('DELETE');
  if (status !== 200 && status !== 204) return `S3 answers ${status}`;
  return (await send('HEAD')).status === 200 ? 'S3 keeps it' : null;
};

const readBack = async (send: Send, marker: string, putMs: number): Promise<Answer> => {
  const got = await send('GET');
  const bad = against(got, 'to read', [200]);
  if (bad !== null) return down(bad, { values: { putMs } });
  const values = { putMs, getMs: got.tookMs, latencyMs: putMs + got.tookMs };
  if (got.body.toString('utf8') !== marker)
    return down(
      { reason: 'wrong-content', sentence: 'The marker came back with other content than was written.' },
      { values },
    );
  const sentence = `Wrote and read a marker in ${Math.round(values.latencyMs)} ms.`;
  return { verdict: 'up', reason: 'ok', sentence, values };
};

/** Unlike a tool, S3 is what the service itself stands on: when it can't be reached, that is a verdict. */
const reachable = async (work: Promise<Answer>): Promise<Answer> => {
  try {
    return await work;
  } catch (error) {
    if (!(error instanceof ProbeUnknown) || !error.reason.startsWith('tool-')) throw error;
    return down({ reason: error.reason.slice('tool-'.length), sentence: error.message });
  }
};

const cleanUpMs = 3_000;

const roundTrip = async (own: Params, context: ProbeContext): Promise<Answer> => {
  const marker = `war-room ${context.now()} ${randomBytes(8).toString('hex')}`;
  const key = `${own.key}-${randomBytes(6).toString('hex')}`;
  const send = sender(own, key, context);
  const put = await send('PUT', marker);
  const bad = against(put, 'to write', [200]);
  if (bad !== null) return down(bad);
  try {
    const answer = await readBack(send, marker, put.tookMs);
    const left = await remove(send);
    if (left === null) return answer;
    const leftOver = masked(key, [], 200);
    const sentence = `${answer.sentence} The marker ${leftOver} could not be removed (${left}); remove it by hand.`;
    return { ...answer, sentence, facts: { leftOver } };
  } catch (error) {
    // The attempt is over, and the marker must not stay for that: one more try, by a deadline of its own.
    const late = sender(own, key, { ...context, signal: AbortSignal.timeout(cleanUpMs), deadlineMs: cleanUpMs });
    remove(late).catch(() => {});
    throw error;
  }
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
  open: (own) => ({ run: (context) => reachable(roundTrip(own, context)), close: () => {} }),
});
