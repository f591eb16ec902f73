import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { ask } from './api.ts';
import type { ApiAnswer } from './api.ts';
import type { ProbeContext } from './probe.ts';

/** What every question to AWS is signed with; the keys as secret:NAME. */
export const awsParams = {
  region: z.string().min(1),
  accessKeyId: z.string().min(1),
  secretAccessKey: z.string().min(1),
  sessionToken: z.string().optional(),
  endpoint: z.string().optional().describe('Another address than that of AWS'),
  ca: z.string().optional(),
};

type Keys = {
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string | undefined;
  readonly ca?: string | undefined;
};
type Call = {
  readonly tool: string;
  readonly service: string;
  readonly url: string;
  readonly method: string;
  readonly headers?: Record<string, string>;
  readonly body?: string;
};

/** One question, signed with Signature Version 4. */
export const askAws = async (
  keys: Keys,
  { tool, service, url, method, headers = {}, body }: Call,
  context: Pick<ProbeContext, 'signal' | 'deadlineMs'>,
): Promise<ApiAnswer> => {
  const { region, accessKeyId, secretAccessKey, sessionToken, ca } = keys;
  const signer = new AwsV4Signer({
    url,
    method,
    headers,
    service,
    region,
    accessKeyId,
    secretAccessKey,
    ...(body === undefined ? {} : { body }),
    ...(sessionToken === undefined ? {} : { sessionToken }),
  });
  const signed = await signer.sign();
  // Host and length are the client's own to write.
  const own = Object.fromEntries([...signed.headers].filter(([name]) => name !== 'host' && name !== 'content-length'));
  return ask(
    { tool, url: signed.url.href, method: signed.method, headers: own, ca, ...(body === undefined ? {} : { body }) },
    context,
  );
};
