import { Buffer } from 'node:buffer';
import { z } from 'zod';

/** Credentials as a target writes them, each a reference such as secret:NAME. */
export const authSchema = z
  .union([z.strictObject({ username: z.string(), password: z.string() }), z.strictObject({ bearer: z.string() })])
  .describe('Basic credentials or a bearer token, as secret:NAME');
export type Auth = z.output<typeof authSchema>;

export const authHeaders = (auth: Auth | undefined): Readonly<Record<string, string>> => {
  if (auth === undefined) return {};
  return {
    authorization:
      'bearer' in auth
        ? `Bearer ${auth.bearer}`
        : `Basic ${Buffer.from(`${auth.username}:${auth.password}`).toString('base64')}`,
  };
};
