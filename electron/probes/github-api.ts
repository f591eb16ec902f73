import { z } from 'zod';
import { ask, jsonOf } from './api.ts';
import { ProbeUnknown } from './probe.ts';
import type { ProbeContext } from './probe.ts';

export const githubParams = z.strictObject({
  repository: z.string().min(1).describe('owner/name'),
  token: z.string().min(1).describe('A token that may read, as secret:NAME'),
  ref: z
    .string()
    .min(1)
    .default('main')
    .describe('Branch, tag or commit: its newest commit is the one that is looked at'),
  checks: z.boolean().default(true).describe('Whether the checks are judged; if not, only pull requests are looked at'),
  commitPulls: z
    .boolean()
    .default(false)
    .describe('Whether the pull requests that hold the commit are looked at: their approvals, and which are open'),
  base: z.string().optional().describe('The branch whose pull requests count; ref if left out'),
  pulls: z
    .number()
    .int()
    .min(0)
    .max(20)
    .default(10)
    .describe('How many of the newest merged pull requests are looked at for approvals'),
  url: z.string().default('https://api.github.com'),
  ca: z.string().optional(),
});
export type GithubParams = z.output<typeof githubParams>;

/** More pages than these of anything are not read: what is left out could be what matters, so nothing is told then. */
export const mostPages = 5;

const look = async <Schema extends z.ZodType>(
  own: GithubParams,
  path: string,
  schema: Schema,
  context: ProbeContext,
): Promise<{ readonly value: z.output<Schema>; readonly more: boolean }> => {
  const repository = own.repository.split('/').map(encodeURIComponent).join('/');
  const headers = {
    authorization: `Bearer ${own.token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  const url = `${own.url.replace(/\/+$/, '')}/repos/${repository}${path}`;
  const answer = await ask({ tool: 'GitHub', url, headers, ca: own.ca, secrets: [own.repository] }, context);
  const parsed = schema.safeParse(jsonOf('GitHub', answer));
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'GitHub answers in a form that is not known here.');
  // Only that there is a next page is believed, not where: the token goes nowhere that an answer names.
  return { value: parsed.data, more: /;\s*rel="?next\b/.test([answer.headers.link ?? ''].flat().join(',')) };
};

/** One answer of the repository's REST API; `path` begins beneath /repos/owner/name. */
export const get = async <Schema extends z.ZodType>(
  own: GithubParams,
  path: string,
  schema: Schema,
  context: ProbeContext,
): Promise<z.output<Schema>> => (await look(own, path, schema, context)).value;

/** A whole list, page by page. `what` names it where it is too long to be read. */
export const list = async <Schema extends z.ZodType>(
  own: GithubParams,
  of: { readonly path: string; readonly perPage: number; readonly what: string },
  schema: Schema,
  context: ProbeContext,
): Promise<readonly z.output<Schema>[]> => {
  const all: z.output<Schema>[] = [];
  for (let page = 1; page <= mostPages; page++) {
    const path = `${of.path}?per_page=${of.perPage}${page === 1 ? '' : `&page=${page}`}`;
    const { value, more } = await look(own, path, z.array(schema), context);
    all.push(...value);
    if (!more) return all;
  }
  throw new ProbeUnknown(
    'too-many',
    `GitHub has more than ${mostPages} pages of ${of.what}; not all can be looked at.`,
  );
};
