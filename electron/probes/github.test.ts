import { afterAll, expect, test } from 'vitest';
import { stopServers } from './fixtures/hostile.ts';
import { runProbe } from './fixtures/run-probe.ts';
import { serveJson, toolTrouble } from './fixtures/tool-trouble.ts';
import { githubProbe } from './github.ts';

afterAll(stopServers);

const review = (login: string, state: string) => ({ state, user: { login } });
const answers = (runs: readonly object[], statuses: readonly object[] = []) => ({
  '/repos/team/api/commits/main/status': { sha: 'abcdef1234567890', statuses },
  '/repos/team/api/commits/main/check-runs': { check_runs: runs },
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

test('a repository or branch that is not there', async () => {
  await expect(ask({})).rejects.toMatchObject({ reason: 'not-found' });
});

toolTrouble(githubProbe, (url) => ({ url, repository: 'team/api', token: 'canary-of-this-tool' }));
