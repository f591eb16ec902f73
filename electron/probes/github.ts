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
  ref: z.string().default('main').describe('Branch, tag or commit'),
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

const statusAnswer = z.object({
  sha: z.string(),
  statuses: z.array(z.object({ state: z.string(), context: z.string() })),
});
const runsAnswer = z.object({
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});
const pullsAnswer = z.array(z.object({ number: z.number(), merged_at: z.string().nullish() }));
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
  const json = await askJson(
    { tool: 'GitHub', url: `${own.url.replace(/\/+$/, '')}/repos/${repository}${path}`, headers, ca: own.ca },
    context,
  );
  const parsed = schema.safeParse(json);
  if (!parsed.success) throw new ProbeUnknown('not-understood', 'GitHub answers in a form that is not known here.');
  return parsed.data;
};

/** A person's last word counts: an approval that was dismissed or followed by a wish for changes is none. */
const approvalsOf = (reviews: z.output<typeof reviewsAnswer>): number => {
  const last = new Map<string, string>();
  for (const { state, user } of reviews)
    if (user !== null && state !== 'COMMENTED' && state !== 'PENDING') last.set(user.login, state);
  return [...last.values()].filter((state) => state === 'APPROVED').length;
};

const fewestApprovals = async (
  own: Params,
  context: ProbeContext,
): Promise<{ readonly values: Record<string, number>; readonly facts: Record<string, string> }> => {
  const [closed, open] = await Promise.all([
    get(
      own,
      `/pulls?state=closed&base=${encodeURIComponent(own.ref)}&sort=updated&direction=desc&per_page=50`,
      pullsAnswer,
      context,
    ),
    get(own, `/pulls?state=open&base=${encodeURIComponent(own.ref)}&per_page=100`, pullsAnswer, context),
  ]);
  const merged = closed
    .filter((pull) => typeof pull.merged_at === 'string')
    .toSorted((a, b) => String(b.merged_at).localeCompare(String(a.merged_at)))
    .slice(0, own.pulls);
  const counts = await Promise.all(
    merged.map(async ({ number }) => ({
      number,
      approvals: approvalsOf(await get(own, `/pulls/${number}/reviews?per_page=100`, reviewsAnswer, context)),
    })),
  );
  const values = { openPulls: open.length, mergedPulls: merged.length };
  const least = counts.toSorted((a, b) => a.approvals - b.approvals)[0];
  if (least === undefined) return { values, facts: {} };
  return { values: { ...values, fewestApprovals: least.approvals }, facts: { fewestApprovalsOn: `#${least.number}` } };
};

const failing = ['failure', 'error', 'timed_out', 'cancelled', 'action_required', 'startup_failure'];

export const githubProbe = defineProbe({
  kind: 'github',
  summary: 'Checks of a commit, approvals of what was merged, and open pull requests, from GitHub',
  params,
  series: () => [
    { name: 'checks', unit: '', label: 'Checks of the commit' },
    { name: 'failedChecks', unit: '', label: 'Checks that failed' },
    { name: 'pending', unit: '', label: 'Checks that are not done' },
    { name: 'fewestApprovals', unit: '', label: 'Fewest approvals of a merged pull request' },
    { name: 'mergedPulls', unit: '', label: 'Merged pull requests looked at' },
    { name: 'openPulls', unit: '', label: 'Open pull requests' },
  ],
  open: (own) => ({
    run: async (context): Promise<Answer> => {
      const ref = encodeURIComponent(own.ref);
      const [combined, runs, reviews] = await Promise.all([
        get(own, `/commits/${ref}/status?per_page=100`, statusAnswer, context),
        get(own, `/commits/${ref}/check-runs?per_page=100&filter=latest`, runsAnswer, context),
        own.pulls === 0 ? { values: {}, facts: {} } : fewestApprovals(own, context),
      ]);
      const checks = [
        ...combined.statuses.map(({ context: name, state }) => ({ name, state })),
        ...runs.check_runs.map(({ name, status, conclusion }) => ({
          name,
          state: status === 'completed' ? (conclusion ?? 'unknown') : 'pending',
        })),
      ];
      const failed = checks.filter(({ state }) => failing.includes(state)).map(({ name }) => name);
      const pending = checks.filter(({ state }) => state === 'pending').map(({ name }) => name);
      // Not "failed": every probe has a number of that name already, for its own attempts.
      const values = { checks: checks.length, failedChecks: failed.length, pending: pending.length, ...reviews.values };
      const facts = { commit: combined.sha.slice(0, 40), ...reviews.facts };
      const at = `${own.ref} at ${facts.commit.slice(0, 7)}`;
      if (failed.length > 0)
        return down(
          {
            reason: 'checks-failed',
            sentence: `${formatCount(failed.length, 'check')} of ${at} failed: ${masked(failed.join(', '), [], 200)}.`,
          },
          { values, facts },
        );
      if (pending.length > 0)
        throw new ProbeUnknown(
          'checks-pending',
          `${formatCount(pending.length, 'check')} of ${at} ${pending.length === 1 ? 'is' : 'are'} not done: ${masked(pending.join(', '), [], 200)}.`,
        );
      if (checks.length === 0)
        throw new ProbeUnknown('no-checks', `${at} has no checks at all; nothing shows that its tests passed.`);
      return {
        verdict: 'up',
        reason: 'ok',
        sentence: `All ${formatCount(checks.length, 'check')} of ${at} passed.`,
        values,
        facts,
      };
    },
    close: () => {},
  }),
});
