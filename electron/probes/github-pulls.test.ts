import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { toolTrouble } from './fixtures/tool-trouble.ts';
import { githubProbe } from './github.ts';

afterAll(stopServers);

const sha = 'abcdef1234567890abcdef1234567890abcdef12';
const review = (login: string | null, state: string) => ({ state, user: login === null ? null : { login } });
const pull = (number: number, more: object = {}) => ({
  number,
  state: 'open',
  merged_at: null,
  user: { login: 'ada' },
  ...more,
});
const merged = { state: 'closed', merged_at: '2026-11-20T10:00:00Z' };

type Lists = Readonly<Record<string, object | readonly object[]>>;

/** As GitHub documents it: lists in pages of `per_page`, the next of them named by the header "link". */
const serveGithub = async (lists: Lists) => {
  const asked: string[] = [];
  const seen: (string | undefined)[] = [];
  const elsewhere = await serveHttp((request, response) => {
    seen.push(request.headers.authorization);
    response.end('[]');
  });
  const url = await serveHttp((request, response) => {
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://github.test');
    asked.push(`${pathname}${new URL(request.url ?? '', 'http://github.test').search}`);
    const path = pathname.replace('/repos/team/api', '');
    const send = (status: number, body: object, headers: Record<string, string> = {}): void =>
      void response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
    if (request.headers.authorization !== 'Bearer token-for-reading') return send(401, { message: 'Bad credentials' });
    if (path === '/commits/v2.4.0/status') return send(200, { sha, state: 'success', total_count: 0, statuses: [] });
    const all = lists[path];
    if (all === undefined) return send(404, { message: 'Not Found' });
    if (!Array.isArray(all)) return send(200, all);
    const [size, page] = [Number(searchParams.get('per_page') ?? 30), Number(searchParams.get('page') ?? 1)];
    const more = all.length > page * size;
    // A link that leads away is what a hostile answer would name; that there is one more page is all that counts.
    send(200, all.slice((page - 1) * size, page * size), more ? { link: `<${elsewhere}/next>; rel="next"` } : {});
  });
  return { url, asked, seen };
};
const params = (url: string, more: object = {}) => ({
  url,
  repository: 'team/api',
  token: 'token-for-reading',
  ref: 'v2.4.0',
  checks: false,
  pulls: 0,
  commitPulls: true,
  ...more,
});
const ask = async (lists: Lists, more: object = {}) =>
  (await runProbe(githubProbe, params((await serveGithub(lists)).url, more))).answer;
const pullsAt = `/commits/${sha}/pulls`;

test("a commit's approvals are the last words of others on the pull request that brought it", async () => {
  const answer = await ask({
    [pullsAt]: [pull(12, merged), pull(11, { state: 'closed' })],
    '/pulls/12/reviews': [
      review('ada', 'APPROVED'),
      review('bob', 'CHANGES_REQUESTED'),
      review('cem', 'APPROVED'),
      review('bob', 'APPROVED'),
      review('bob', 'COMMENTED'),
      review('dia', 'APPROVED'),
      review('dia', 'DISMISSED'),
      review('eli', 'APPROVED'),
      review('eli', 'CHANGES_REQUESTED'),
      review(null, 'APPROVED'),
    ],
  });
  expect(answer).toEqual({
    verdict: 'up',
    reason: 'ok',
    sentence: 'v2.4.0 at abcdef1 was merged by #12 with 2 approvals and 1 wish for changes.',
    values: { commitPulls: 1, commitOpenPulls: 0, commitApprovals: 2, commitRefusals: 1 },
    facts: { commit: sha, commitApprovalsOn: '#12', commitMergedBy: '#12' },
  });
});

test('of several, the one with the fewest approvals counts; open ones only where none was merged', async () => {
  const reviews = {
    '/pulls/12/reviews': [review('bob', 'APPROVED'), review('cem', 'APPROVED')],
    '/pulls/13/reviews': [review('bob', 'APPROVED')],
    '/pulls/14/reviews': [],
  };
  expect(await ask({ ...reviews, [pullsAt]: [pull(12, merged), pull(13, merged), pull(14)] })).toMatchObject({
    values: { commitPulls: 3, commitOpenPulls: 1, commitApprovals: 1 },
    facts: { commitApprovalsOn: '#13', commitMergedBy: '#12, #13', commitOpenIn: '#14' },
  });
  expect(await ask({ ...reviews, [pullsAt]: [pull(13), pull(14)] })).toMatchObject({
    sentence: 'v2.4.0 at abcdef1 is still open in #14 with 0 approvals.',
    values: { commitPulls: 2, commitOpenPulls: 2, commitApprovals: 0 },
  });
});

test('a commit that was pushed without a pull request was approved by nobody', async () => {
  expect(await ask({ [pullsAt]: [] })).toMatchObject({
    sentence: 'No pull request holds v2.4.0 at abcdef1, so nobody approved it.',
    values: { commitPulls: 0, commitApprovals: 0 },
  });
});

test('the words that count stand on the last page, and the token goes to no address that a page names', async () => {
  const talk = Array.from({ length: 64 }, (_, at) => review('bob', at === 0 ? 'APPROVED' : 'COMMENTED'));
  const { url, asked, seen } = await serveGithub({
    [pullsAt]: [pull(12, { ...merged, updated_at: 'then' })],
    '/pulls/12/reviews': [...talk, review('bob', 'CHANGES_REQUESTED')],
  });
  const probe = githubProbe.open(params(url));
  const memory = new Map<string, unknown>();
  const look = async () => (await attemptOf(probe.run, 2_000, memory)).answer;
  expect(await look()).toMatchObject({ values: { commitApprovals: 0, commitRefusals: 1 } });
  const reviews = (): readonly string[] => asked.filter((path) => path.includes('/reviews'));
  expect(reviews().map((path) => path.split('?')[1])).toEqual([
    'per_page=30',
    'per_page=30&page=2',
    'per_page=30&page=3',
  ]);
  expect(seen).toEqual([]);
  // Nothing was said since, so nobody is asked again.
  expect(await look()).toMatchObject({ values: { commitRefusals: 1 } });
  expect(reviews()).toHaveLength(3);
});

test('more reviews than are read make it unknown, not a number of a part', async () => {
  const many = Array.from({ length: 151 }, () => review('bob', 'APPROVED'));
  await expect(ask({ [pullsAt]: [pull(12, merged)], '/pulls/12/reviews': many })).rejects.toMatchObject({
    name: 'ProbeUnknown',
    reason: 'too-many',
    message: 'GitHub has more than 5 pages of reviews of #12; not all can be looked at.',
  });
});

test('beside the checks, its numbers stand with theirs', async () => {
  const lists = { [pullsAt]: [pull(12, merged)], '/pulls/12/reviews': [review('bob', 'APPROVED')] };
  const runs = (conclusion: string) => ({
    ...lists,
    [`/commits/${sha}/check-runs`]: { check_runs: [{ name: 'test', status: 'completed', conclusion }] },
  });
  expect(await ask(runs('success'), { checks: true })).toMatchObject({
    sentence: 'All 1 check of v2.4.0 at abcdef1 passed.',
    values: { checks: 1, failedChecks: 0, commitApprovals: 1 },
    facts: { commit: sha, commitApprovalsOn: '#12' },
  });
  expect(await ask(runs('failure'), { checks: true })).toMatchObject({ verdict: 'down', values: { commitPulls: 1 } });
  const names = (more: object) =>
    githubProbe.series({ ...params('http://github.test'), ...more }).map(({ name }) => name);
  const own = ['commitApprovals', 'commitRefusals', 'commitPulls', 'commitOpenPulls'];
  expect(names({})).toEqual(own);
  expect(names({ checks: true })).toEqual(['checks', 'failedChecks', 'pending', ...own]);
  expect(() => githubProbe.series({ ...params('http://github.test'), commitPulls: false })).toThrow(/pull requests/);
});

test('a reference, a commit or a pull request that is not there', async () => {
  await expect(ask({}, { ref: 'v9' })).rejects.toMatchObject({ reason: 'not-found' });
  await expect(ask({})).rejects.toMatchObject({ reason: 'not-found' });
  await expect(ask({ [pullsAt]: [pull(12, merged)] })).rejects.toMatchObject({ reason: 'not-found' });
  await expect(ask({ [pullsAt]: [{ number: 'twelve' }] })).rejects.toMatchObject({ reason: 'not-understood' });
});

toolTrouble(githubProbe, (url) => params(url, { token: 'canary-of-this-tool' }));
