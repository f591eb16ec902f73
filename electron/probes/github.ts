import { z } from 'zod';
import { formatCount } from '../../shared/format.ts';
import { down } from './failure.ts';
import { get, githubParams, mostPages } from './github-api.ts';
import type { GithubParams } from './github-api.ts';
import { pullsOfBranch, pullsOfCommit } from './github-pulls.ts';
import type { Found } from './github-pulls.ts';
import { masked } from './mask.ts';
import { defineProbe, ProbeUnknown } from './probe.ts';
import type { Answer, ProbeContext } from './probe.ts';

const page = 100;

const statusAnswer = z.object({
  sha: z.string(),
  total_count: z.number().default(0),
  statuses: z.array(z.object({ state: z.string(), context: z.string() })),
});
const runsAnswer = z.object({
  total_count: z.number().default(0),
  check_runs: z.array(z.object({ name: z.string(), status: z.string(), conclusion: z.string().nullable() })),
});

type Check = { readonly name: string; readonly state: string };

type Status = z.output<typeof statusAnswer>;

/** The combined status of the commit that `ref` stands for now, with that commit's own name. */
const statusOf = (own: GithubParams, context: ProbeContext): Promise<Status> =>
  get(own, `/commits/${encodeURIComponent(own.ref)}/status?per_page=${page}`, statusAnswer, context);

/** Every status and check run of the commit. A commit with more than five pages of them is not judged by a part. */
const checksOf = async (own: GithubParams, status: Status, context: ProbeContext): Promise<readonly Check[]> => {
  // By the commit, not by the branch, which may move between two questions.
  const at = `/commits/${encodeURIComponent(status.sha)}`;
  const first = await get(own, `${at}/check-runs?per_page=${page}&filter=latest`, runsAnswer, context);
  const runs = [...first.check_runs];
  const statuses = [...status.statuses];
  if (Math.max(first.total_count, status.total_count) > page * mostPages)
    throw new ProbeUnknown(
      'too-many',
      `The commit has more than ${page * mostPages} checks; not all can be looked at.`,
    );
  for (let next = 2; runs.length < first.total_count && next <= mostPages; next++)
    runs.push(
      ...(await get(own, `${at}/check-runs?per_page=${page}&filter=latest&page=${next}`, runsAnswer, context))
        .check_runs,
    );
  for (let next = 2; statuses.length < status.total_count && next <= mostPages; next++)
    statuses.push(...(await get(own, `${at}/status?per_page=${page}&page=${next}`, statusAnswer, context)).statuses);
  return [
    ...statuses.map(({ context: name, state }) => ({ name, state })),
    ...runs.map(({ name, status: stage, conclusion }) => ({
      name,
      state: stage === 'completed' ? (conclusion ?? 'unknown') : 'pending',
    })),
  ];
};

const passing = ['success', 'neutral', 'skipped'];
/** A stale check was given up by GitHub before it ended, and an unknown one says nothing: neither passed. */
const unfinished = ['pending', 'stale', 'unknown'];

const judged = (at: string, checks: readonly Check[], more: Found): Answer => {
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

const ofBranch = ({ values, facts }: Found): string =>
  values['fewestApprovals'] === undefined
    ? ''
    : `Of the newest ${formatCount(values['mergedPulls'] ?? 0, 'merged pull request')}, ${facts['fewestApprovalsOn'] ?? ''} has the fewest approvals: ${values['fewestApprovals']}.`;

const ofCommit = (at: string, { values, facts }: Found): string => {
  if (values['commitPulls'] === 0) return `No pull request holds ${at}, so nobody approved it.`;
  const { commitApprovals = 0, commitRefusals = 0 } = values;
  const how = facts['commitMergedBy'] === undefined ? 'is still open in' : 'was merged by';
  const wishes = commitRefusals === 0 ? '' : ` and ${formatCount(commitRefusals, 'wish', 'wishes')} for changes`;
  return `${at} ${how} ${facts['commitApprovalsOn'] ?? ''} with ${formatCount(commitApprovals, 'approval')}${wishes}.`;
};

/** Pull requests alone: the numbers are for limits to judge. */
const counted = (sentences: readonly string[], { values, facts }: Found): Answer => {
  const sentence = sentences.filter((words) => words !== '').join(' ');
  if (sentence === '') throw new ProbeUnknown('no-pulls', 'No pull request was merged there lately.');
  return { verdict: 'up', reason: 'ok', sentence, values, facts };
};

const none: Found = { values: {}, facts: {} };

const run = async (own: GithubParams, context: ProbeContext): Promise<Answer> => {
  const ofTheCommit = async () => {
    if (!own.checks && !own.commitPulls) return null;
    const status = await statusOf(own, context);
    const [checks, pulls] = await Promise.all([
      own.checks ? checksOf(own, status, context) : null,
      own.commitPulls ? pullsOfCommit(own, status.sha, context) : null,
    ]);
    return { sha: status.sha.slice(0, 40), checks, pulls };
  };
  const [commit, branch] = await Promise.all([ofTheCommit(), own.pulls === 0 ? none : pullsOfBranch(own, context)]);
  if (commit === null) return counted([ofBranch(branch)], branch);
  const { sha, checks, pulls } = commit;
  const at = `${own.ref} at ${sha.slice(0, 7)}`;
  const found = {
    values: { ...branch.values, ...pulls?.values },
    facts: { commit: sha, ...branch.facts, ...pulls?.facts },
  };
  if (checks !== null) return judged(at, checks, found);
  return counted([pulls === null ? '' : ofCommit(at, pulls), ofBranch(branch)], found);
};

export const githubProbe = defineProbe({
  kind: 'github',
  summary: 'Checks and approvals of a commit, approvals of what was merged, and open pull requests, from GitHub',
  params: githubParams.refine(
    ({ checks, commitPulls, pulls }) => checks || commitPulls || pulls > 0,
    "look at checks, at the commit's pull requests, at a branch's, or at several of them",
  ),
  // Not "failed": every probe has a number of that name already, for its own attempts.
  series: ({ checks, commitPulls, pulls }) => [
    ...(checks
      ? [
          { name: 'checks', unit: '', label: 'Checks of the commit' },
          { name: 'failedChecks', unit: '', label: 'Checks that failed' },
          { name: 'pending', unit: '', label: 'Checks that are not done' },
        ]
      : []),
    ...(commitPulls
      ? [
          { name: 'commitApprovals', unit: '', label: 'Fewest approvals of a pull request that brought the commit' },
          { name: 'commitRefusals', unit: '', label: 'People who want changes in that pull request' },
          { name: 'commitPulls', unit: '', label: 'Pull requests that hold the commit' },
          { name: 'commitOpenPulls', unit: '', label: 'Open ones among those that hold the commit' },
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
  open: (own) => ({ run: (context) => run(own, context), close: () => {} }),
});
