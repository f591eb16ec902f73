import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../electron/clock.ts';
import { credentials, startFarEnd } from '../../electron/notify/fixtures/far-end.ts';
import type { Trouble } from '../../electron/notify/fixtures/far-end.ts';
import { noticeKinds } from '../../electron/notify/index.ts';
import { createSender } from '../../electron/notify/sender.ts';
import { openDatabase } from '../../electron/store/database.ts';
import { openOutbox } from '../../electron/store/outbox.ts';
import type { RunId } from '../../shared/events.ts';
import type { Channel, Message } from '../../shared/notices/model.ts';
import type { Kept } from '../../shared/notices/outbox.ts';
import { figure } from './figure.ts';
import type { Figure } from './figure.ts';
import { killWhileTelling } from './notices-kill.ts';

const sends = 10_000;
const kills = 100;
const run = 'bench' as RunId;
/**
 * Waiting is not what is measured: while nothing is under way the sender's clock goes on in steps. It stands still while
 * a request is, or a busy machine would let whole minutes pass between a signature and the look at it.
 */
const step = { everyMs: 5, passMs: 5_000 };
const mostMs = 900_000;

const troubles: readonly Trouble[] = ['none', 'drop', 'none', 429, 'none', 'die', 'delay', 500, 'none', 503];

const message = (n: number): Message => ({
  occasion: 'no-go',
  verb: 'raise',
  audience: 'team',
  tone: 'critical',
  to: null,
  subject: `gate/${n}`,
  title: `Notice ${n}.`,
  text: 'A bench.',
  facts: [],
  at: 0,
  practice: false,
  maintenance: null,
});

const channelsFor = (base: string): readonly Channel[] => [
  ...Array.from({ length: 7 }, (_, at) => ({
    kind: 'webhook',
    label: `Hook ${at}`,
    with: { url: `${base}/hook`, secret: credentials.secret },
  })),
  ...Array.from({ length: 2 }, (_, at) => ({
    kind: 'pagerduty',
    label: `Pager ${at}`,
    with: { url: base, key: credentials.routing },
  })),
  { kind: 'slack', label: 'Slack', with: { url: `${base}/slack/hook/${credentials.hook}` } },
];

type Requests = Awaited<ReturnType<typeof startFarEnd>>['requests'];

/** Under which key the other end took what a request brought; without a key each time is its own. */
const keyOf = ({ path, body }: Requests[number], at: number): string => {
  const { id, dedup_key: dedup } = JSON.parse(body) as { readonly id?: string; readonly dedup_key?: string };
  return path === '/hook' ? `${id}` : (dedup ?? `${at}`);
};

const ended = ['sent', 'not-sent', 'failed', 'unknown'];

/** Whether what the outbox says of a notice is what became of it. */
const isTrue = ({ state, sentence }: Kept, times: number): boolean =>
  state === 'sent' ? times === 1 : state === 'unknown' ? times <= 1 && sentence !== '' : times === 0 && sentence !== '';

/** Holds what the outbox says of each notice against what the server took. */
const judged = (kept: readonly Kept[], requests: Requests, took: number): readonly Figure[] => {
  const taken = requests.filter(({ answered }) => answered !== null && answered.status < 300);
  const keys = Map.groupBy(taken, ({ body }) => /Notice \d+\./u.exec(body)?.[0] ?? '');
  const timesOf = ({ message: { title } }: Kept): number => new Set((keys.get(title) ?? []).map(keyOf)).size;
  const keyed = kept.filter(({ channel }) => channel.kind !== 'slack');
  const unkeyed = kept.filter(({ channel }) => channel.kind === 'slack');
  const once = keyed.filter((one) => one.state === 'sent' && timesOf(one) === 1).length;
  const shown = keyed.filter((one) => one.state !== 'sent' && isTrue(one, timesOf(one))).length;
  const wrong = kept.filter((one) => !ended.includes(one.state) || !isTrue(one, timesOf(one))).length;
  return [
    figure('notices sent through trouble', kept.length, 'notices', sends),
    figure('… requests that took', requests.length, 'requests', sends),
    figure('… under a key: delivered once, or shown as not sent with its why', once + shown, 'notices', keyed.length),
    figure('… of these shown as not sent', shown, 'notices', 0),
    figure('… Slack, no key: sent', unkeyed.filter(({ state }) => state === 'sent').length, 'notices', unkeyed.length),
    figure(
      '… Slack: shown as unknown, may have been sent',
      unkeyed.filter(({ state }) => state === 'unknown').length,
      'notices',
      null,
    ),
    figure('… Slack: said twice', unkeyed.filter((one) => timesOf(one) > 1).length, 'notices', 0),
    figure('… said to be what they are not', wrong, 'notices', 0),
    figure('… lost', sends - kept.length, 'notices', 0),
    figure('… a notice, requests and commits', took / sends, 'ms', null),
  ];
};

/** 10,000 notices to ten channels at a server that drops, delays, refuses, fails and dies between request and reply. */
const throughTrouble = async (): Promise<readonly Figure[]> => {
  const folder = mkdtempSync(join(tmpdir(), 'war-room-notices-bench-'));
  let ahead = 0;
  const now = (): number => Date.now() + ahead;
  const far = await startFarEnd({
    trouble: (count) => troubles[(count * 7) % troubles.length] ?? 'none',
    now,
    retryAfter: '3',
  });
  const database = openDatabase(folder);
  try {
    const outbox = openOutbox(database);
    const sender = createSender({
      outbox,
      kinds: new Map(noticeKinds.map((kind) => [kind.kind, kind])),
      clock: { ...systemClock, now },
      appLog: { info: () => undefined, error: (words, cause) => console.error(words, cause) },
      resolve: (params) => Promise.resolve({ params }),
      tell: () => undefined,
      show: () => 0,
      onChange: () => undefined,
    });
    const channels = channelsFor(far.base);
    const notices = Array.from({ length: sends }, (_, n) => {
      const channel = channels[n % channels.length]!;
      return { key: `bench/${n}/${channel.label}`, runId: run, channel, message: message(n), urgent: true };
    });
    const begun = performance.now();
    outbox.draft(run, sends, notices, now());
    outbox.change(
      notices.map(({ key }) => key),
      now(),
      { state: 'queued', dueAt: now(), releasedBy: 'rule', releasedAt: now() },
    );
    const left = (): number =>
      Number(database.sql.prepare("SELECT count(*) FROM notices WHERE state IN ('queued', 'sending')").pluck().get());
    while (left() > 0 && performance.now() - begun < mostMs) {
      if (outbox.inState('sending').length === 0) ahead += step.passMs;
      for (const channel of channels) sender.kick({ channel });
      await sleep(step.everyMs);
    }
    const took = performance.now() - begun;
    await sender.close();
    return judged(outbox.ofRun(run), far.requests, took);
  } finally {
    database.close();
    await far.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 3 });
  }
};

export const noticesBench = async (): Promise<readonly Figure[]> => {
  const sent = await throughTrouble();
  const killed = await killWhileTelling(kills);
  return [
    ...sent,
    figure('notices: SIGKILLs while they were drafted and sent', killed.kills, 'kills', null),
    figure('… events on disk, and notices of them', killed.notices, 'notices', killed.events),
    figure('… lost', killed.lost, 'notices', 0),
    figure('… said twice where there is no key', killed.twice, 'notices', 0),
    figure('… said to be what they are not', killed.wrong, 'notices', 0),
    figure('… shown as unknown, may have been sent', killed.unknown, 'notices', null),
  ];
};
