import { z } from 'zod';
import { get, list } from './github-api.ts';
import type { GithubParams } from './github-api.ts';
import type { ProbeContext } from './probe.ts';

/** A listed pull request may be longer than 20 KB: more of them on a page would not fit into what is read of an answer. */
const perPage = 30;

const pullAnswer = z.object({
  number: z.number(),
  state: z.string().default(''),
  merged_at: z.string().nullish(),
  updated_at: z.string().default(''),
  user: z.object({ login: z.string() }).nullish(),
});
const reviewAnswer = z.object({ state: z.string(), user: z.object({ login: z.string() }).nullish() });

type Pull = z.output<typeof pullAnswer>;
type Reviewed = { readonly number: number; readonly approvals: number; readonly refusals: number };

/** Numbers and words for people to be told, by name. */
export type Found = { readonly values: Record<string, number>; readonly facts: Record<string, string> };

const isMerged = ({ merged_at: at }: Pull): boolean => typeof at === 'string';

/** A person's last word counts, and never that of who asked: an approval dismissed or followed by a wish for changes is none. */
const reviewed = async (own: GithubParams, pull: Pull, context: ProbeContext): Promise<Reviewed> => {
  const { number, updated_at: updated, user: author } = pull;
  // A review changes the pull request's time: until then the answer is known.
  const key = `reviews of #${number} at ${updated}`;
  const known = updated === '' ? undefined : (context.memory.get(key) as Reviewed | undefined);
  if (known !== undefined) return known;
  // Oldest first, so the words that count stand on the last page.
  const of = { path: `/pulls/${number}/reviews`, perPage, what: `reviews of #${number}` };
  const last = new Map<string, string>();
  for (const { state, user } of await list(own, of, reviewAnswer, context))
    if (user != null && user.login !== author?.login && state !== 'COMMENTED' && state !== 'PENDING')
      last.set(user.login, state);
  const words = [...last.values()];
  const count = (word: string): number => words.filter((state) => state === word).length;
  const counted = { number, approvals: count('APPROVED'), refusals: count('CHANGES_REQUESTED') };
  context.memory.set(key, counted);
  return counted;
};

const fewest = (of: readonly Reviewed[]): Reviewed | undefined =>
  of.toSorted((a, b) => a.approvals - b.approvals || b.refusals - a.refusals)[0];

/** The newest pull requests that were merged to a branch, and how many are open there. */
export const pullsOfBranch = async (own: GithubParams, context: ProbeContext): Promise<Found> => {
  const base = encodeURIComponent(own.base ?? own.ref);
  const listed = (state: string): string =>
    `/pulls?state=${state}&base=${base}&sort=updated&direction=desc&per_page=${perPage}`;
  const [closed, open] = await Promise.all([
    get(own, listed('closed'), z.array(pullAnswer), context),
    get(own, listed('open'), z.array(pullAnswer), context),
  ]);
  const merged = closed
    .filter(isMerged)
    .toSorted((a, b) => String(b.merged_at).localeCompare(String(a.merged_at)))
    .slice(0, own.pulls);
  const least = fewest(await Promise.all(merged.map((pull) => reviewed(own, pull, context))));
  // A full page may have more behind it.
  const values = { mergedPulls: merged.length, ...(open.length < perPage ? { openPulls: open.length } : {}) };
  if (least === undefined) return { values, facts: {} };
  return {
    values: { ...values, fewestApprovals: least.approvals },
    facts: { fewestApprovalsOn: `#${least.number}` },
  };
};

const named = (pulls: readonly Pull[]): string => pulls.map(({ number }) => `#${number}`).join(', ');

/**
 * The pull requests that hold one commit: those that brought it to where it is, and those still open. One that was closed
 * without a merge brought nothing. A commit that none holds was pushed without one, and nobody approved it.
 */
export const pullsOfCommit = async (own: GithubParams, sha: string, context: ProbeContext): Promise<Found> => {
  const of = { path: `/commits/${encodeURIComponent(sha)}/pulls`, perPage, what: 'pull requests of the commit' };
  const pulls = await list(own, of, pullAnswer, context);
  const merged = pulls.filter(isMerged);
  const open = pulls.filter(({ state }) => state === 'open');
  // What brought the commit is what was approved; where nothing did yet, what would bring it.
  const judged = merged.length > 0 ? merged : open;
  const least = fewest(await Promise.all(judged.map((pull) => reviewed(own, pull, context))));
  return {
    values: {
      commitPulls: merged.length + open.length,
      commitOpenPulls: open.length,
      commitApprovals: least?.approvals ?? 0,
      commitRefusals: least?.refusals ?? 0,
    },
    facts: {
      ...(least === undefined ? {} : { commitApprovalsOn: `#${least.number}` }),
      ...(merged.length === 0 ? {} : { commitMergedBy: named(merged) }),
      ...(open.length === 0 ? {} : { commitOpenIn: named(open) }),
    },
  };
};
