import { AwsV4Signer } from 'aws4fetch';
import { z } from 'zod';
import { ask } from './api.ts';
import type { ApiAnswer } from './api.ts';
import { ProbeUnknown } from './probe.ts';
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

export type AwsKeys = {
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
  /** What no sentence may show, besides the keys and the region. */
  readonly secrets?: readonly string[];
};

/** The address of a service of AWS. A region stands in the name of a host: anything else in it could lead the keys elsewhere. */
export const awsUrl = (service: string, region: string): string => {
  if (!/^[a-z0-9-]{5,30}$/.test(region))
    throw new ProbeUnknown('bad-region', 'The region is not one of AWS, such as eu-central-1.');
  return `https://${service}.${region}.amazonaws.com${region.startsWith('cn-') ? '.cn' : ''}`;
};

/** One question, signed with Signature Version 4. */
export const askAws = async (
  keys: AwsKeys,
  { tool, service, url, method, headers = {}, body, secrets = [] }: Call,
  context: ProbeContext,
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
    {
      tool,
      url: signed.url.href,
      method: signed.method,
      headers: own,
      ca,
      ...(body === undefined ? {} : { body }),
      secrets: [
        secretAccessKey,
        accessKeyId,
        region,
        ...(sessionToken === undefined ? [] : [sessionToken]),
        ...secrets,
      ],
    },
    context,
  );
};
