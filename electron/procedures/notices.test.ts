import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it, vi } from 'vitest';
import type { Client } from '../../shared/contract.ts';
import type { EventBody, RunId } from '../../shared/events.ts';
import type { NoticesNow, NoticeView } from '../../shared/notices/contract.ts';
import { typedName } from '../../shared/rollback/plan.ts';
import { credentials, startFarEnd } from '../notify/fixtures/far-end.ts';
import { secretsInMemory } from '../secrets.ts';
import { atEnd, eventsOf, openDesk } from './fixtures/room.ts';

const why = 'checkout fails for everybody';

const document = `# Release
## Phase 1: Before (1 hour before)
- [ ] Tell the support team
## Phase 2: After (First 15 minutes)
- [ ] Customers can pay
## Phase 3: Rollback
- [ ] Authorised?
`;
const target = (base: string) => `version: 1
service: shop
environment: production
roles:
  lead: { label: Engineering Lead, people: [Ada] }
rollback:
  authority: lead
  to: 1.2.2
  steps: [{ kind: ask, label: Look, timeout: 1m, with: { question: Is it back? } }]
deploy:
  steps: [{ kind: ask, label: Pipeline, timeout: 1m, with: { question: Did it run? } }]
notices:
  - { kind: slack, label: Team, with: { api: '${base}/slack/api', token: secret:slack, channel: '#ops' }, send: [break-glass] }
  - { kind: pagerduty, label: Pager, with: { url: '${base}', key: secret:pager } }
  - { kind: statuspage, label: Page, with: { url: '${base}', page: page1, key: secret:page } }
  - { kind: webhook, label: Unset, with: { url: '${base}/hook', secret: secret:unset }, on: [run-started] }
  - { kind: desktop, label: Desktop, send: auto }
`;

const soon = { timeout: 20_000, interval: 20 };

const open = async () => {
  // Statuspage's second between two requests passes by itself.
  let ahead = 0;
  const far = await startFarEnd({ now: () => Date.now() + (ahead += 2_000) });
  atEnd(far.close);
  const secrets = secretsInMemory('for a test');
  await secrets.keep('slack', credentials.token);
  await secrets.keep('pager', credentials.routing);
  await secrets.keep('page', credentials.apiKey);
  let desk = await openDesk({ secrets });
  const as = (name: string): Client => desk.as({ name, role: name === 'Ada' ? 'lead' : null });
  const { runId } = await as('Bo').runs.start({
    runbook: { name: 'release.md', text: document },
    target: { name: 'shop.yaml', text: target(far.base) },
    release: '1.2.3',
    plannedT0: null,
  });
  const now = async (): Promise<NoticesNow> => {
    const stream = await as('Bo').notices.follow({ runId });
    const first = await stream.next();
    await stream.return?.();
    if (first.done === true) throw new Error('no notices');
    return first.value;
  };
  return {
    far,
    as,
    runId,
    dataDir: desk.dataDir,
    secrets,
    now,
    find: async (channel: string, occasion: string): Promise<NoticeView> => {
      const { notices } = await now();
      const found = notices.find((one) => one.channel === channel && one.message.occasion === occasion);
      if (found === undefined) throw new Error(`no notice to ${channel} of ${occasion}`);
      return found;
    },
    events: () => eventsOf(as('Bo'), runId),
    restart: async () => {
      desk = await desk.reopen();
    },
  };
};

const propose = (client: Client, runId: RunId) =>
  client.rollback.propose({
    runId,
    purpose: 'rollback',
    source: 'person',
    reason: why,
    answers: { critical: true, fixable: false, migrations: 'none' },
  });

describe('notices of a run', () => {
  it('wait as drafts with their exact words, and leave with a click, under the name of who clicked', async () => {
    const { far, as, runId, find, events } = await open();
    const draft = await find('Team', 'run-started');
    expect(draft.state).toBe('drafted');
    expect(draft.preview.words).toContain('Deployment of shop 1.2.3 begins');
    const started = (await events())[0];
    expect(draft.preview.words).toContain(`audit head ${started?.seq}:${started?.hash}`);
    expect(far.requests).toHaveLength(0);
    await as('Bo').notices.edit({ runId, notice: draft.key, title: 'We begin', text: 'Coffee is ready.' });
    await as('Bo').notices.send({ runId, notice: draft.key });
    await vi.waitFor(async () => expect((await find('Team', 'run-started')).state).toBe('sent'), soon);
    expect(JSON.parse(far.requests[0]?.body ?? '').text).toContain('*We begin*\nCoffee is ready.');
    const own = (await events()).filter(({ type }) => type.startsWith('notice-'));
    expect(own.map(({ type, by }) => [type, by.kind === 'person' ? by.name : by.kind])).toEqual([
      ['notice-edited', 'Bo'],
      ['notice-released', 'Bo'],
      ['notice-sent', 'app'],
    ]);
    await expect(as('Bo').notices.send({ runId, notice: draft.key })).rejects.toThrow('went out');
    await expect(as('Bo').notices.discard({ runId, notice: draft.key })).rejects.toThrow('Only a draft');
  });

  it('go into one thread a run, and what the target lets go by itself goes by itself', async () => {
    const { far, as, runId, find } = await open();
    await as('Bo').notices.send({ runId, notice: (await find('Team', 'run-started')).key });
    await vi.waitFor(async () => expect((await find('Team', 'run-started')).state).toBe('sent'), soon);
    const { rollback } = await propose(as('Bo'), runId);
    const proposed = await find('Team', 'rollback-proposed');
    expect(proposed.state).toBe('drafted');
    expect(proposed.preview.words).toContain('For the Engineering Lead.');
    await as('Bo').rollback.breakGlass({ runId, rollback, reason: why });
    await vi.waitFor(async () => expect((await find('Team', 'break-glass')).state).toBe('sent'), soon);
    const loud = JSON.parse(far.requests.at(-1)?.body ?? '');
    expect(loud).toMatchObject({ thread_ts: '1700000000.000001', reply_broadcast: true });
    expect(loud.text).toContain('BREAK-GLASS: Bo authorised without the Engineering Lead');
    expect((await find('Team', 'break-glass')).releasedBy).toBe('rule');
  });

  it('page with one key from the proposal to the recovery, and tell a deploy as a change that pages nobody', async () => {
    const { far, as, runId, find } = await open();
    await as('Bo').clock.setT0({ runId, t0: null });
    await propose(as('Bo'), runId);
    for (const occasion of ['t0', 'rollback-proposed']) {
      await as('Bo').notices.send({ runId, notice: (await find('Pager', occasion)).key });
      await vi.waitFor(async () => expect((await find('Pager', occasion)).state).toBe('sent'), soon);
    }
    expect(far.received().map(({ how }) => how)).toEqual(['change event', 'trigger']);
    expect((await find('Pager', 'rollback-proposed')).receipt).toMatch(/^war-room\/.+\/rollback\//v);
  });

  it('tell once that a deployment of our own goes live, when it starts and not at its T-0, and page for neither', async () => {
    const { as, runId, find, now, events } = await open();
    const of = async (type: string) => (await events()).filter((event) => event.type === type);
    const { rollback } = await as('Ada').rollback.propose({
      ...{ runId, purpose: 'deploy', source: 'person', reason: 'the release is ready' },
      answers: { critical: null, fixable: null, migrations: null },
    });
    await as('Ada').rollback.check({ runId, rollback });
    await as('Ada').rollback.authorise({ runId, rollback, code: null });
    const [{ body: checked } = { body: null }] = await of('rollback-preflighted');
    const { plan, place } = checked as EventBody<'rollback-preflighted'>;
    const { key } = await as('Ada').rollback.arm({ runId, rollback, plan, typed: typedName(place) });
    await expect(find('Pager', 't0')).rejects.toThrow('no notice');
    await sleep(1_600);
    await as('Ada').rollback.confirm({ runId, rollback, key });
    await vi.waitFor(() => find('Pager', 't0'), soon);
    expect((await find('Pager', 't0')).preview.how).toContain('pages nobody');
    expect(await of('t0-set')).toEqual([]);
    await vi.waitFor(() => as('Ada').rollback.answer({ runId, rollback, step: '1', value: 'yes' }), soon);
    await vi.waitFor(async () => expect(await of('t0-set')).toHaveLength(1), soon);
    await as('Ada').clock.correctT0({ runId, t0: Date.now() - 1_000, reason: 'it was a second earlier' });
    await vi.waitFor(async () => {
      const { notices } = await now();
      const told = notices.filter(({ message }) => message.occasion === 't0').map(({ channel }) => channel);
      expect(told.toSorted()).toEqual(['Pager', 'Team', 'Team', 'Team']);
    }, soon);
  });

  it('tell the public of the maintenance alone: no names, reasons or versions', async () => {
    const { far, as, runId, find, now } = await open();
    await as('Bo').notices.send({ runId, notice: (await find('Page', 'maintenance')).key });
    await vi.waitFor(async () => expect((await find('Page', 'maintenance')).state).toBe('sent'), soon);
    await propose(as('Bo'), runId);
    await as('Bo').clock.setT0({ runId, t0: null });
    await as('Bo').notices.send({ runId, notice: (await find('Page', 'maintenance')).key });
    await vi.waitFor(
      () => expect(far.received().map(({ how }) => how)).toEqual(['maintenance scheduled', 'maintenance in progress']),
      soon,
    );
    const own = (await now()).notices.filter(({ channel }) => channel === 'Page');
    expect(own.every(({ preview }) => !/Bo|1\.2\.3|audit|checkout/v.test(preview.words))).toBe(true);
  });

  it('tell who hands over, who has the shift, and that another version of the checklist is followed', async () => {
    const { as, runId, find } = await open();
    await as('Bo').people.offer({ runId, to: 'Ada', note: 'watch the replica' });
    const offered = await find('Team', 'handover');
    expect(offered.state).toBe('drafted');
    expect(offered.preview.words).toContain('Bo hands the shift over to Ada: shop 1.2.3');
    expect(offered.preview.words).toContain('Open: 3 items. Next: T-0 is not set. Note: watch the replica');
    await as('Ada').people.accept({ runId });
    expect((await find('Team', 'handover')).preview.words).toContain('Ada has the shift now');
    const moved = { name: 'release-2.md', text: document.replace('can pay', 'can pay and log in') };
    const { sha256 } = await as('Bo').move.preview({ runId, runbook: moved, resetFrom: null });
    await as('Bo').move.make({ runId, runbook: moved, resetFrom: null, sha256, reason: 'the log-in was forgotten' });
    const words = (await find('Team', 'runbook-moved')).preview.words;
    expect(words).toContain('shop 1.2.3 goes on with another version of its checklist');
    expect(words).toContain('release-2.md, 1 reworded. Bo: the log-in was forgotten');
    await expect(find('Pager', 'handover')).rejects.toThrow('no notice');
  });

  it('say in one sentence what is missing, lose nothing, and go out once it is there', async () => {
    const { far, as, runId, find, now, secrets } = await open();
    const { channels } = await now();
    expect(channels.find(({ label }) => label === 'Unset')?.problem).toBe(
      'The secret "unset" is not set on this machine; set it first.',
    );
    const { key } = await find('Unset', 'run-started');
    await as('Bo').notices.send({ runId, notice: key });
    await vi.waitFor(async () => expect((await find('Unset', 'run-started')).state).toBe('not-sent'), soon);
    await secrets.keep('unset', credentials.secret);
    await as('Bo').notices.send({ runId, notice: key });
    await vi.waitFor(async () => expect((await find('Unset', 'run-started')).state).toBe('sent'), soon);
    expect(far.received()).toHaveLength(1);
  });

  it('are tested by a marked message that pages and publishes nothing', async () => {
    const { far, as, runId } = await open();
    const client = as('Bo');
    for (const channel of ['Team', 'Pager', 'Page'])
      expect(await client.notices.test({ runId, channel })).toMatchObject({ sent: true });
    expect(far.received().map(({ by, how }) => [by, how])).toEqual([
      ['Slack', '#ops'],
      ['PagerDuty', 'change event'],
    ]);
    expect(far.received()[0]?.words).toContain('TEST from War Room');
    expect(await client.notices.test({ runId, channel: 'Unset' })).toMatchObject({ sent: false });
    expect(await client.notices.test({ runId, channel: 'Desktop' })).toEqual({
      sent: false,
      sentence: 'No window of this room is open to show it.',
    });
    const abort = new AbortController();
    const shown = await client.notices.desktop(undefined, { signal: abort.signal });
    const next = shown.next();
    await vi.waitFor(
      async () => expect(await client.notices.test({ runId, channel: 'Desktop' })).toMatchObject({ sent: true }),
      soon,
    );
    expect((await next).value).toMatchObject({ title: 'TEST from War Room: shop' });
    abort.abort();
    await expect(client.notices.test({ runId, channel: 'None' })).rejects.toThrow('no channel "None"');
  });

  it('are still there after a restart, drafted once, and what was queued goes on', async () => {
    const { far, as, runId, find, now, restart, dataDir } = await open();
    const before = (await now()).notices.map(({ key }) => key);
    await restart();
    expect((await now()).notices.map(({ key }) => key)).toEqual(before);
    await as('Bo').notices.discard({
      runId,
      notice: (await find('Pager', 't0').catch(() => find('Page', 'maintenance'))).key,
    });
    await as('Bo').runs.close({ runId, reason: 'the release is called off' });
    await as('Bo').notices.send({ runId, notice: (await find('Team', 'run-closed')).key });
    await vi.waitFor(async () => expect((await find('Team', 'run-closed')).state).toBe('sent'), soon);
    expect(far.received().at(-1)?.words).toContain('the release is called off');
    // What opens the channels is nowhere on this disk.
    const bytes = readdirSync(dataDir, { recursive: true, encoding: 'utf8' })
      .map((name) => join(dataDir, name))
      .filter((file) => statSync(file).isFile())
      .map((file) => readFileSync(file, 'latin1'))
      .join('');
    for (const secret of Object.values(credentials).filter((value) => value.startsWith('good-')))
      expect(bytes).not.toContain(secret);
  });
});

it('a target with a secret in it, an unknown kind or a label twice is refused at its line', async () => {
  const { as } = await open();
  const { problems } = await as('Bo').documents.target({
    source: {
      name: 'x.yaml',
      text: `version: 1
service: shop
environment: production
notices:
  - { kind: slack, label: A, with: { url: 'https://hooks.slack.com/services/T0/B0/secret' } }
  - { kind: pigeon, label: B }
  - { kind: desktop, label: A }
  - { kind: desktop, label: C, on: [nothing] }
`,
    },
  });
  expect(problems.map(({ line, message }) => `${line} ${message}`).join('\n')).toMatch(/8 .*on/v);
  const { problems: more } = await as('Bo').documents.target({
    source: {
      name: 'x.yaml',
      text: `version: 1
service: shop
environment: production
notices:
  - { kind: slack, label: A, with: { url: 'https://hooks.slack.com/services/T0/B0/secret' } }
  - { kind: pigeon, label: B }
  - { kind: desktop, label: A }
`,
    },
  });
  expect(more.map(({ line, message }) => `${line} ${message}`)).toEqual([
    expect.stringContaining('5 notices.0.with.url: a secret never stands in this file'),
    expect.stringContaining('6 notices.1.kind: there is no kind of channel "pigeon"'),
    expect.stringContaining('7 notices.2.label: another channel is called "A"'),
  ]);
});
