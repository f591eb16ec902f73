import { afterAll, expect, test } from 'vitest';
import { serveHttp, stopServers } from './fixtures/hostile.ts';
import { attemptOf, runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { githubProbe } from './github.ts';

afterAll(stopServers);

const review = (login: string, state: string) => ({ state, user: { login } });
const answers = (runs: readonly object[], statuses: readonly object[] = []) => ({
  '/repos/team/api/commits/main/status': { sha: 'abcdef1234567890', statuses },
  '/repos/team/api/commits/abcdef1234567890/check-runs': { check_runs: runs },
  '/repos/team/api/pulls/7/reviews': [review('ada', 'APPROVED'), review('bob', 'APPROVED'), review('ada', 'COMMENTED')],
  '/repos/team/api/pulls/8/reviews': [
    review('ada', 'APPROVED'),
    review('bob', 'APPROVED'),
    review('bob', 'CHANGES_REQUESTED'),
  ],
  '/repos/team/api/pulls?state=closed': [
    { number: 7, merged_at: '2026-11-20T10:00:00Z' },
    { number: 8, merged_at: '2026-11-21T10:00:00Z' },
    { number: 9, merged_at: null },
  ],
  '/repos/team/api/pulls?state=open': [{ number: 10 }],
});
const run = (name: string, conclusion: string | null) => ({
  name,
  status: conclusion === null ? 'in_progress' : 'completed',
  conclusion,
});
const ask = async (of: Readonly<Record<string, unknown>>) =>
  (await runProbe(githubProbe, { url: (await serveJson(of)).url, repository: 'team/api', token: 't' })).answer;

test('all checks passed; a later wish for changes takes an approval back', async () => {
  expect(
    await ask(answers([run('test', 'success'), run('lint', 'skipped')], [{ state: 'success', context: 'ci/old' }])),
  ).toMatchObject({
    verdict: 'up',
    values: { checks: 3, failedChecks: 0, fewestApprovals: 1, mergedPulls: 2, openPulls: 1 },
    facts: { commit: 'abcdef1234567890', fewestApprovalsOn: '#8' },
    sentence: 'All 3 checks of main at abcdef1 passed.',
  });
});

test('a failed check is down, one that still runs is unknown, and none at all proves nothing', async () => {
  expect(await ask(answers([run('test', 'failure'), run('build', null)]))).toMatchObject({
    verdict: 'down',
    reason: 'checks-failed',
    sentence: '1 check of main at abcdef1 failed: test.',
  });
  await expect(ask(answers([run('test', null)]))).rejects.toMatchObject({ reason: 'checks-pending' });
  await expect(ask(answers([]))).rejects.toMatchObject({ reason: 'no-checks' });
});

test('a check in a state that says nothing is no pass', async () => {
  await expect(ask(answers([run('test', 'success'), run('e2e', 'stale')]))).rejects.toMatchObject({
    reason: 'checks-pending',
  });
  expect(await ask(answers([run('test', 'something-new')]))).toMatchObject({ verdict: 'down' });
});

test('the 101st check counts too', async () => {
  const runs = Array.from({ length: 100 }, (_, at) => run(`test ${at}`, 'success'));
  const all = answers(runs);
  const listed = '/repos/team/api/commits/abcdef1234567890/check-runs';
  const pages = (url: string) => ({
    total_count: 101,
    check_runs: url.endsWith('&page=2') ? [run('last', 'failure')] : runs,
  });
  expect(await ask({ ...all, [listed]: pages })).toMatchObject({
    verdict: 'down',
    values: { checks: 101, failedChecks: 1 },
  });
  await expect(ask({ ...all, [listed]: { total_count: 501, check_runs: runs } })).rejects.toMatchObject({
    reason: 'too-many',
  });
});

test("the author's own approval is none, and reviews are asked for once a change", async () => {
  const all = answers([run('test', null)]);
  const pull = { number: 7, merged_at: '2026-11-20T10:00:00Z', updated_at: 'then', user: { login: 'ada' } };
  const { url, asked } = await serveJson({ ...all, '/repos/team/api/pulls?state=closed': [pull] });
  const probe = githubProbe.open({ url, repository: 'team/api', token: 't', checks: false });
  const memory = new Map<string, unknown>();
  const look = async () => (await attemptOf(probe.run, 2_000, memory)).answer;
  // No check is looked at, so none that still runs hides the approvals.
  expect(await look()).toMatchObject({
    verdict: 'up',
    values: { fewestApprovals: 1 },
    sentence: 'Of the newest 1 merged pull request, #7 has the fewest approvals: 1.',
  });
  await look();
  expect(asked.filter((one) => one.url.includes('/reviews'))).toHaveLength(1);
  expect(asked.some((one) => one.url.includes('/commits/'))).toBe(false);
});

test('once asked too often, GitHub is left alone until it allows more', async () => {
  let asked = 0;
  const url = await serveHttp((_, response) => {
    asked += 1;
    response
      .writeHead(403, {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': String(Math.ceil(Date.now() / 1_000) + 600),
      })
      .end('{"message":"API rate limit exceeded"}');
  });
  const probe = githubProbe.open({ url, repository: 'team/api', token: 't', pulls: 0 });
  const memory = new Map<string, unknown>();
  const limited = { name: 'ProbeUnknown', reason: 'rate-limited' };
  await expect(attemptOf(probe.run, 2_000, memory)).rejects.toMatchObject(limited);
  const before = asked;
  await expect(attemptOf(probe.run, 2_000, memory)).rejects.toMatchObject({
    ...limited,
    message: 'GitHub is asked too often and is left alone for another 10 min; make the interval longer.',
  });
  expect(asked).toBe(before);
});

test('a repository or branch that is not there', async () => {
  await expect(ask({})).rejects.toMatchObject({ reason: 'not-found' });
});

toolTrouble(githubProbe, (url) => ({ url, repository: 'team/api', token: 'canary-of-this-tool' }));
