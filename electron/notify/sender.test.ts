import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import type { NewEvent, RunId } from '../../shared/events.ts';
import type { Channel, Message } from '../../shared/notices/model.ts';
import { systemClock } from '../clock.ts';
import { openDatabase } from '../store/database.ts';
import { openOutbox } from '../store/outbox.ts';
import { credentials, startFarEnd } from './fixtures/far-end.ts';
import type { Trouble } from './fixtures/far-end.ts';
import { noticeKinds } from './index.ts';
import { createSender } from './sender.ts';

const run = 'run' as RunId;
const message = (change: Partial<Message> = {}): Message => ({
  occasion: 'alarm',
  verb: 'raise',
  audience: 'team',
  tone: 'critical',
  to: null,
  subject: 'alarm/a',
  title: 'Errors are high',
  text: '',
  facts: [],
  at: 0,
  practice: true,
  maintenance: null,
  ...change,
});

const closing: (() => Promise<void> | void)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

const quiet = { info: () => undefined, error: () => undefined };

/** A sender on a real database, with a clock that can be set ahead. */
const open = async (trouble: (count: number) => Trouble = () => 'none', retryAfter?: string) => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-sender-'));
  closing.push(() => rmSync(folder, { recursive: true, force: true }));
  let ahead = 0;
  const far = await startFarEnd({
    now: () => Date.now() + ahead,
    trouble,
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
  closing.push(far.close);
  const database = openDatabase(folder);
  closing.push(database.close);
  const outbox = openOutbox(database);
  const told: NewEvent[] = [];
  const clock = { ...systemClock, now: () => Date.now() + ahead };
  const sender = createSender({
    outbox,
    kinds: new Map(noticeKinds.map((kind) => [kind.kind, kind])),
    clock,
    appLog: quiet,
    resolve: (params) => Promise.resolve({ params }),
    tell: (_, event) => void told.push(event),
    show: () => 0,
    onChange: () => undefined,
    // Little jitter, and no whole ms.
    random: () => 0.1337,
  });
  closing.push(sender.close);
  let seq = 0;
  const queue = (channel: Channel, messages: readonly Message[]): readonly string[] => {
    const notices = messages.map((own) => {
      seq += 1;
      const urgent = own.tone === 'critical';
      return { key: `run/${seq}/${channel.label}`, runId: run, channel, message: own, urgent };
    });
    outbox.draft(run, seq, notices, clock.now());
    const keys = notices.map(({ key }) => key);
    const now = clock.now();
    outbox.change(keys, now, { state: 'queued', dueAt: now, releasedBy: 'Ada', releasedAt: now });
    sender.kick({ channel });
    return keys;
  };
  const stateOf = (key: string | undefined) => outbox.get(key ?? '')?.state;
  return { far, outbox, sender, told, queue, stateOf, pass: (ms: number) => (ahead += ms) };
};

const webhook = (base: string, label = 'Hook'): Channel => ({
  kind: 'webhook',
  label,
  with: { url: `${base}/hook`, secret: credentials.secret },
});
const slack = (base: string): Channel => ({
  kind: 'slack',
  label: 'Slack',
  with: { url: `${base}/slack/hook/${credentials.hook}` },
});

const soon = { timeout: 20_000, interval: 10 };

it('tries again with a back-off until it is taken, and keeps one receipt', async () => {
  const { far, queue, stateOf, told, pass, sender } = await open(
    (count) => ([503, 'drop', 'die'] as const)[count] ?? 'none',
  );
  const channel = webhook(far.base);
  const [key] = queue(channel, [message()]);
  for (let at = 1; at <= 3; at += 1) {
    await vi.waitFor(() => expect(far.requests).toHaveLength(at), soon);
    await vi.waitFor(() => expect(stateOf(key)).toBe('queued'), soon);
    pass(60_000);
    sender.kick({ channel });
  }
  await vi.waitFor(() => expect(stateOf(key)).toBe('sent'), soon);
  expect(far.received()).toHaveLength(1);
  expect(told.map(({ type }) => type)).toEqual(['notice-not-sent', 'notice-sent']);
  expect(told[1]?.body).toMatchObject({ attempts: 4, count: 1 });
});

it('leaves a channel alone as long as it asks for, with everything that waits for it', async () => {
  const { far, queue, outbox } = await open((count) => (count === 0 ? 429 : 'none'), '120');
  const keys = queue(webhook(far.base), [message(), message({ subject: 'alarm/b' })]);
  await vi.waitFor(() => expect(outbox.get(keys[0] ?? '')?.sentence).toContain('too often'), soon);
  const waits = (outbox.get(keys[0] ?? '')?.dueAt ?? 0) - Date.now();
  expect(waits).toBeGreaterThan(100_000);
  expect(far.requests).toHaveLength(1);
});

it('gives up after a day, and a click tries again', async () => {
  const { far, queue, stateOf, told, pass, sender, outbox } = await open((count) => (count < 2 ? 503 : 'none'));
  const channel = webhook(far.base);
  const [key = ''] = queue(channel, [message()]);
  await vi.waitFor(() => expect(outbox.get(key)?.sentence).not.toBe(''), soon);
  pass(86_400_000);
  sender.kick({ channel });
  await vi.waitFor(() => expect(stateOf(key)).toBe('not-sent'), soon);
  expect(told.at(-1)?.type).toBe('notice-not-sent');
  const now = Date.now() + 86_400_000;
  outbox.change([key], now, { state: 'queued', dueAt: now, releasedAt: now });
  sender.kick({ channel });
  await vi.waitFor(() => expect(stateOf(key)).toBe('sent'), soon);
});

it.each([
  ['the day is over', ['die', 503], 86_400_000],
  ['the channel refuses what comes next', ['die', 404], 60_000],
] as const)(
  'says of what may have arrived that nobody knows, not that it was not sent: %s',
  async (_, troubles, later) => {
    const { far, queue, stateOf, told, pass, sender, outbox } = await open((count) => troubles[count] ?? 'none');
    const channel = webhook(far.base);
    const [key = ''] = queue(channel, [message()]);
    await vi.waitFor(() => expect(outbox.get(key)?.sentence).not.toBe(''), soon);
    pass(later);
    sender.kick({ channel });
    await vi.waitFor(() => expect(stateOf(key)).toBe('unknown'), soon);
    expect(far.received()).toHaveLength(1);
    expect(told.at(-1)).toMatchObject({
      type: 'notice-uncertain',
      body: { sentence: expect.stringContaining('may have arrived') },
    });
  },
);

it('never says twice to Slack what may have been said, and tells so', async () => {
  const { far, queue, stateOf, told } = await open((count) => (count === 0 ? 'die' : 'none'));
  const [key] = queue(slack(far.base), [message()]);
  await vi.waitFor(() => expect(stateOf(key)).toBe('unknown'), soon);
  expect(told.map(({ type }) => type)).toEqual(['notice-uncertain']);
  expect(far.requests).toHaveLength(1);
});

it('makes one message a minute of a flood, with a count, and lets what is urgent pass', async () => {
  const { far, queue, stateOf, pass, sender, told } = await open();
  const channel = webhook(far.base);
  const flood = (from: number, n: number) =>
    Array.from({ length: n }, (_, at) =>
      message({ tone: 'warning', subject: `alarm/${from + at}`, title: `Alarm ${from + at}` }),
    );
  const first = queue(channel, flood(0, 500));
  await vi.waitFor(() => expect(stateOf(first.at(-1))).toBe('sent'), soon);
  expect(far.received()).toHaveLength(1);
  expect(far.received()[0]?.words).toContain('500 notices at once');
  const more = queue(channel, flood(500, 40));
  const [urgent] = queue(channel, [message({ subject: 'rollback/x' })]);
  await vi.waitFor(() => expect(stateOf(urgent)).toBe('sent'), soon);
  expect(more.map(stateOf).every((state) => state === 'queued')).toBe(true);
  pass(60_001);
  sender.kick({ channel });
  await vi.waitFor(() => expect(stateOf(more.at(-1))).toBe('sent'), soon);
  expect(far.received()).toHaveLength(3);
  expect(told.filter(({ type }) => type === 'notice-sent').map(({ body }) => 'count' in body && body.count)).toEqual([
    500, 1, 40,
  ]);
});

it('asks Statuspage once a second, over all channels of one key and the tests of them', async () => {
  const { far, queue, stateOf, sender } = await open();
  const page = (label: string): Channel => ({
    kind: 'statuspage',
    label,
    with: { url: far.base, page: credentials.page, key: credentials.apiKey },
  });
  const announced = { occasion: 'maintenance', maintenance: { status: 'scheduled', from: 0 } } as const;
  const keys = ['Page', 'The same page'].flatMap((label) =>
    queue(page(label), [message({ ...announced, subject: label })]),
  );
  await Promise.all([sender.turn(page('Page')), sender.turn(page('Page'))]);
  await Promise.all(keys.map((key) => vi.waitFor(() => expect(stateOf(key)).toBe('sent'), soon)));
  // It answers 429 to whatever comes within a second of the one before.
  expect(far.requests.map(({ answered }) => answered?.status)).toEqual([201, 201]);
});

it('resolves in PagerDuty what was raised together once the last of it is resolved', async () => {
  const { far, queue, stateOf, pass } = await open();
  const channel: Channel = { kind: 'pagerduty', label: 'Pager', with: { url: far.base, key: credentials.routing } };
  const of = (verb: 'raise' | 'resolve', n: number) =>
    Array.from({ length: n }, (_, at) =>
      message({ verb, tone: verb === 'raise' ? 'warning' : 'critical', subject: `alarm/${at}`, title: `Alarm ${at}` }),
    );
  const raised = queue(channel, of('raise', 9));
  await vi.waitFor(() => expect(stateOf(raised.at(-1))).toBe('sent'), soon);
  const resolves = of('resolve', 9);
  for (const one of resolves) {
    pass(1_000);
    const [key] = queue(channel, [one]);
    await vi.waitFor(() => expect(stateOf(key)).toBe('sent'), soon);
  }
  const [first, ...rest] = far.received();
  expect(first).toMatchObject({ how: 'trigger', ref: 'war-room/run/flood/alarm/0' });
  expect(rest.map(({ how, ref }) => [how, ref])).toEqual([
    ...resolves.slice(0, 8).map(({ subject }) => ['resolve', `war-room/run/${subject}`]),
    ['resolve', 'war-room/run/flood/alarm/0'],
  ]);
});

it('keeps the order of one subject, and what is stuck holds up nothing else', async () => {
  const { far, queue, stateOf, outbox } = await open((count) => (count === 0 ? 500 : 'none'));
  const channel = webhook(far.base);
  const keys = queue(channel, [
    message(),
    message({ verb: 'resolve', title: 'Errors are fine' }),
    message({ subject: 'alarm/b', title: 'Another' }),
  ]);
  await vi.waitFor(() => expect(stateOf(keys[2])).toBe('sent'), soon);
  expect(stateOf(keys[1])).toBe('queued');
  await vi.waitFor(() => expect(stateOf(keys[1])).toBe('sent'), soon);
  expect(stateOf(keys[0])).toBe('sent');
  expect(far.received().map(({ words }) => words)).toEqual(['Another', 'Errors are high', 'Errors are fine']);
  expect(outbox.ofRun(run)).toHaveLength(3);
});

it('after the end of the room sends again what is taken once, asks about the rest, and believes the history', async () => {
  const { far, queue, stateOf, outbox, sender, told } = await open(() => 'delay');
  const cut = (channel: Channel): string => {
    const [key = ''] = queue(channel, []);
    const made = `cut/${channel.label}`;
    outbox.draft(run, 0, [{ key: made, runId: run, channel, message: message(), urgent: true }], 0);
    outbox.change([made], 0, { state: 'sending', attempts: 1 });
    return key === '' ? made : key;
  };
  const hook = cut(webhook(far.base));
  const unsure = cut(slack(far.base));
  const known = cut(webhook(far.base, 'Known'));
  sender.open((_, key) => (key === known ? { state: 'sent', receipt: null } : null));
  expect(stateOf(unsure)).toBe('unknown');
  expect(stateOf(known)).toBe('sent');
  await vi.waitFor(() => expect(stateOf(hook)).toBe('sent'), soon);
  expect(far.requests).toHaveLength(1);
  expect(outbox.get(hook)?.maybe).toBe(true);
  expect(told.map(({ type }) => type)).toEqual(['notice-uncertain', 'notice-sent']);
});

it('delivers each of 160 once by its key through drops, delays, refusals and deaths', async () => {
  const troubles: readonly Trouble[] = ['none', 'drop', 'none', 'die', 'delay', 500, 'none', 503, 'none', 'none'];
  const { far, queue, stateOf, outbox, pass, sender } = await open((count) => troubles[(count * 7) % 10] ?? 'none');
  const channels = Array.from({ length: 4 }, (_, at) => webhook(far.base, `Hook ${at}`));
  const keys = channels.flatMap((channel) =>
    queue(
      channel,
      Array.from({ length: 40 }, (_, at) => message({ subject: `alarm/${at}` })),
    ),
  );
  await vi.waitFor(
    () => {
      pass(5_000);
      for (const channel of channels) sender.kick({ channel });
      expect(outbox.inState('queued').length + outbox.inState('sending').length).toBe(0);
    },
    { timeout: 60_000, interval: 20 },
  );
  expect(keys.every((key) => stateOf(key) === 'sent')).toBe(true);
  expect(far.requests.length).toBeGreaterThan(200);
  const ids = far.received().map(({ ref }) => ref);
  expect(ids.toSorted()).toEqual(keys.toSorted());
}, 90_000);
