import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { askJson } from './api.ts';
import { down } from './failure.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';

const params = z.strictObject({
  repository: z.string().min(1).describe('owner/name'),
  token: z.string().min(1).describe('A token that may read, as secret:NAME'),
  ref: z.string().default('main').describe('Branch, tag or commit whose checks count'),
  checks: z.boolean().default(true).describe('Whether the checks are judged; if not, only pull requests are looked at'),
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
type Params = z.output<typeof params>;

const page = 100;
const mostPages = 5;
/** A listed pull request may be longer than 20 KB: more of them on a page would not fit into what is read of an answer. */
const pullsPage = 30;

const statusAnswer = z.object({
  sha: z.string(),
  total_count: z.number().default(0),
  statuses: z.array(z.object({ state: z.string(), context: z.string() })),
});
const runsAnswer = z.object({
  total_count: z.number().default(0),
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});
const pullsAnswer = z.array(
  z.object({
    number: z.number(),
    merged_at: z.string().nullish(),
    updated_at: z.string().default(''),
    user: z.object({ login: z.string() }).nullish(),
  }),
);
const reviewsAnswer = z.array(z.object({ state: z.string(), user: z.object({ login: z.string() }).nullable() }));

const get = async <Schema extends z.ZodType>(
  own: Params,
  path: string,
  schema: Schema,
  context: ProbeContext,
): Promise<z.output<Schema>> => {
  const repository = own.repository.split('/').map(encodeURIComponent).join('/');
  const headers = {
    authorization: `Bearer ${own.token}`,
    accept: 'application/vnd.github+json',
    'x-github-api-version': '2022-11-28',
  };
  const url = `${own.url.replace(/\/+$/, '')}/repos/${repository}${path}`;
  const json = await askJson({ tool: 'GitHub', url, headers, ca: own.ca, secrets: [own.repository] }, context);
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'GitHub answers in a form that is not known here.');
  return parsed.data;
};

type Check = { readonly name: string; readonly state: string };

/** Every status and check run of the commit. A commit with more than five pages of them is not judged by a part. */
const checksOf = async (
  own: Params,
  context: ProbeContext,
): Promise<{ readonly sha: string; readonly checks: readonly Check[] }> => {
  const ref = encodeURIComponent(own.ref);
  const [status, first] = await Promise.all([
    get(own, `/commits/${ref}/status?per_page=${page}`, statusAnswer, context),
    get(own, `/commits/${ref}/check-runs?per_page=${page}&filter=latest`, runsAnswer, context),
  ]);
  const runs = [...first.check_runs];
  const statuses = [...status.statuses];
  if (Math.max(first.total_count, status.total_count) > page * mostPages)
    throw new ProbeUnknown(
      'too-many',
      `The commit has more than ${page * mostPages} checks; not all can be looked at.`,
    );
  // By the commit, not by the branch, which may move between two pages.
  const at = `/commits/${encodeURIComponent(status.sha)}`;
  for (let next = 2; runs.length < first.total_count && next <= mostPages; next++)
    runs.push(
      ...(await get(own, `${at}/check-runs?per_page=${page}&filter=latest&page=${next}`, runsAnswer, context))
        .check_runs,
    );
  for (let next = 2; statuses.length < status.total_count && next <= mostPages; next++)
    statuses.push(...(await get(own, `${at}/status?per_page=${page}&page=${next}`, statusAnswer, context)).statuses);
  return {
    sha: status.sha.slice(0, 40),
    checks: [
      ...statuses.map(({ context: name, state }) => ({ name, state })),
      ...runs.map(({ name, status: stage, conclusion }) => ({
        name,
        state: stage === 'completed' ? (conclusion ?? 'unknown') : 'pending',
      })),
    ],
  };
};

/** A person's last word counts, and never that of who asked: an approval dismissed or followed by a wish for changes is none. */
const approvalsOf = (reviews: z.output<typeof reviewsAnswer>, author: string | undefined): number => {
  const last = new Map<string, string>();
  for (const { state, user } of reviews)
    if (user !== null && user.login !== author && state !== 'COMMENTED' && state !== 'PENDING')
      last.set(user.login, state);
  return [...last.values()].filter((state) => state === 'APPROVED').length;
};

type Pulls = { readonly values: Record<string, number>; readonly facts: Record<string, string> };

const lookAtPulls = async (own: Params, context: ProbeContext): Promise<Pulls> => {
  const base = encodeURIComponent(own.base ?? own.ref);
  const list = (state: string): string =>
    `/pulls?state=${state}&base=${base}&sort=updated&direction=desc&per_page=${pullsPage}`;
  const [closed, open] = await Promise.all([
    get(own, list('closed'), pullsAnswer, context),
    get(own, list('open'), pullsAnswer, context),
  ]);
  const merged = closed
    .filter((pull) => typeof pull.merged_at === 'string')
    .toSorted((a, b) => String(b.merged_at).localeCompare(String(a.merged_at)))
    .slice(0, own.pulls);
  const counts = await Promise.all(
    merged.map(async ({ number, updated_at: updated, user }) => {
      // A review changes the pull request's time: until then the answer is known.
      const key = `approvals of #${number} at ${updated}`;
      const known = updated === '' ? undefined : (context.memory.get(key) as number | undefined);
      const approvals =
        known ??
        approvalsOf(await get(own, `/pulls/${number}/reviews?per_page=100`, reviewsAnswer, context), user?.login);
      context.memory.set(key, approvals);
      return { number, approvals };
    }),
  );
  // A full page may have more behind it.
  const values = { mergedPulls: merged.length, ...(open.length < pullsPage ? { openPulls: open.length } : {}) };
  const least = counts.toSorted((a, b) => a.approvals - b.approvals)[0];
  if (least === undefined) return { values, facts: {} };
  return { values: { ...values, fewestApprovals: least.approvals }, facts: { fewestApprovalsOn: `#${least.number}` } };
};

const passing = ['success', 'neutral', 'skipped'];
/** A stale check was given up by GitHub before it ended, and an unknown one says nothing: neither passed. */
const unfinished = ['pending', 'stale', 'unknown'];

const judged = (at: string, checks: readonly Check[], more: Pulls): Answer => {
  const failed = checks.filter(({ state }) => !passing.includes(state) && !unfinished.includes(state));
  const pending = checks.filter(({ state }) => unfinished.includes(state));
  const names = (of: readonly Check[]): string => masked(of.map(({ name }) => name).join(', '), [], 200);
  const values = { checks: checks.length, failedChecks: failed.length, pending: pending.length, ...more.values };
  if (failed.length > 0)
    return down(
      {
        reason: 'checks-failed',
        sentence: `${formatCount(failed.length, 'check')} of ${at} failed: ${names(failed)}.`,
      },
      { values, facts: more.facts },
    );
  if (pending.length > 0)
    throw new ProbeUnknown(
      'checks-pending',
      `${formatCount(pending.length, 'check')} of ${at} ${pending.length === 1 ? 'is' : 'are'} not done: ${names(pending)}.`,
    );
  if (checks.length === 0)
    throw new ProbeUnknown('no-checks', `${at} has no checks at all; nothing shows that its tests passed.`);
  const sentence = `All ${formatCount(checks.length, 'check')} of ${at} passed.`;
  return { verdict: 'up', reason: 'ok', sentence, values, facts: more.facts };
};

/** Pull requests alone: the numbers are for limits to judge. */
const counted = ({ values, facts }: Pulls): Answer => {
  const [fewest, pulls] = [values['fewestApprovals'], values['mergedPulls'] ?? 0];
  if (fewest === undefined) throw new ProbeUnknown('no-pulls', 'No pull request was merged there lately.');
  return {
    verdict: 'up',
    reason: 'ok',
    sentence: `Of the newest ${formatCount(pulls, 'merged pull request')}, ${facts['fewestApprovalsOn'] ?? ''} has the fewest approvals: ${fewest}.`,
    values,
    facts,
  };
};

export const githubProbe = defineProbe({
  kind: 'github',
  summary: 'Checks of a commit, approvals of what was merged, and open pull requests, from GitHub',
  params: params.refine(({ checks, pulls }) => checks || pulls > 0, 'look at checks, at pulls or at both'),
  // Not "failed": every probe has a number of that name already, for its own attempts.
  series: ({ checks, pulls }) => [
    ...(checks
      ? [
          { name: 'checks', unit: '', label: 'Checks of the commit' },
          { name: 'failedChecks', unit: '', label: 'Checks that failed' },
          { name: 'pending', unit: '', label: 'Checks that are not done' },
        ]
      : []),
    ...(pulls > 0
      ? [
          { name: 'fewestApprovals', unit: '', label: 'Fewest approvals of a merged pull request' },
          { name: 'mergedPulls', unit: '', label: 'Merged pull requests looked at' },
          { name: 'openPulls', unit: '', label: 'Open pull requests' },
        ]
      : []),
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const [found, pulls] = await Promise.all([
        own.checks ? checksOf(own, context) : null,
        own.pulls === 0 ? { values: {}, facts: {} } : lookAtPulls(own, context),
      ]);
      if (found === null) return counted(pulls);
      const { sha, checks } = found;
      return judged(`${own.ref} at ${sha.slice(0, 7)}`, checks, { ...pulls, facts: { commit: sha, ...pulls.facts } });
    },
    close: () => {},
  }),
});
