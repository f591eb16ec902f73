import type { ChannelView, NoticesNow, NoticeView } from '../../../shared/notices/contract.ts';
import { wordsOf } from '../../../shared/notices/model.ts';
import type { Message, NoticeState } from '../../../shared/notices/model.ts';

/** Outboxes to look at: what was drafted, refused, held up, never answered, and far too much of everything. */

const channels: readonly ChannelView[] = [
  {
    label: 'Slack #deploys',
    kind: 'slack',
    summary: 'A Slack channel by incoming webhook or bot token: one thread a run',
    on: ['run-started', 'gate', 'no-go', 'rollback-proposed', 'handover'],
    auto: ['rollback-proposed'],
    problem: null,
  },
  {
    label: 'PagerDuty',
    kind: 'pagerduty',
    summary: 'A PagerDuty service by Events API v2: raises, acknowledges and resolves; a deploy is a change event',
    on: ['t0', 'rollback-proposed', 'alarm'],
    auto: [],
    problem: 'The secret "pagerduty" is not set on this machine; set it first.',
  },
];

type Given = {
  readonly state: NoticeState;
  readonly title: string;
  readonly text: string;
  readonly tone?: Message['tone'];
  readonly attempts?: number;
  readonly sentence?: string;
  readonly receipt?: string;
  /** Its next attempt, from now. */
  readonly inMs?: number;
};

const minute = 60_000;

const noticeOf = (given: Given, at: number, now: number): NoticeView => {
  const { state, title, text, tone = 'info', attempts = 0, sentence = '', receipt = null, inMs } = given;
  const moment = now - (at + 1) * minute;
  const message: Message = {
    ...{ occasion: 'gate', verb: 'inform', audience: 'team', to: null, maintenance: null, practice: false },
    ...{ tone, subject: `gate/${at}`, title, text, at: moment },
    facts: ['backend-api 2.14.0 · production', `Run gallery · audit head ${412 + at}:${'3f9a'.repeat(16)}`],
  };
  const let_ = state === 'drafted' ? null : moment + minute / 2;
  const channel = channels[at % channels.length]?.label ?? '';
  return {
    key: `gallery/${at}.0/${channel}`,
    ...{ channel, kind: at % 2 === 0 ? 'slack' : 'pagerduty', message, state, once: at % 2 === 1 },
    ...{ createdAt: moment, changedAt: let_ ?? moment, attempts, sentence, receipt },
    dueAt: inMs === undefined ? null : now + inMs,
    releasedBy: let_ === null ? null : at % 3 === 0 ? 'rule' : 'Ana Ruiz',
    releasedAt: let_,
    preview: {
      how: at % 2 === 0 ? 'Slack, incoming webhook' : 'PagerDuty: trigger, critical',
      words: wordsOf(message),
      body: JSON.stringify({ text: wordsOf(message) }),
    },
  };
};

const failed: readonly Given[] = [
  {
    ...{ state: 'failed', title: 'NO-GO at 5 minutes after T-0: backend-api 2.14.0', tone: 'critical', attempts: 1 },
    text: 'DBA (Ben Okafor) says no-go: the replica lags behind by 40 s',
    sentence: 'Slack refuses it: the webhook was revoked; make a new one and set the secret anew (no_service).',
  },
  {
    ...{ state: 'not-sent', title: 'Bo hands the shift over to Ada: backend-api 2.14.0', text: 'Open: 3 items.' },
    sentence: 'The secret "pagerduty" is not set on this machine; set it first.',
    attempts: 1,
  },
  {
    ...{ state: 'queued', title: 'GO at Phase 2: backend-api 2.14.0', text: 'Decided by Ada.', attempts: 4 },
    sentence: 'Not sent: hooks.slack.com could not be reached: this machine has no network.',
    inMs: 42_000,
  },
];

const unknown: readonly Given[] = [
  {
    ...{ state: 'unknown', title: 'ROLLBACK PROPOSED: backend-api, 2.14.0 → 2.13.6', tone: 'critical', attempts: 1 },
    text: 'Ana Ruiz: checkout fails for everybody',
    sentence: 'hooks.slack.com broke off before it answered: it closed the connection.',
  },
  {
    ...{ state: 'unknown', title: 'Rollback of backend-api is running', text: 'Confirmed by Ana Ruiz.', attempts: 12 },
    sentence:
      'PagerDuty is not available now (503). It was tried for 1 d. An earlier attempt got no answer and may have arrived.',
  },
  { state: 'sent', title: 'GO at Phase 1: backend-api 2.14.0', text: '', attempts: 1, receipt: '1700000000.000001' },
  { state: 'sending', title: 'KEEP at 2 minutes after T-0: backend-api 2.14.0', text: '', attempts: 1 },
  { state: 'discarded', title: 'T-0 of backend-api 2.14.0 was corrected', text: '' },
];

const long = 'a reason that goes on and on because somebody pasted the whole incident into it, ';
const many = (): readonly Given[] => [
  ...Array.from({ length: 40 }, (_, at): Given => ({
    state: 'drafted',
    title: `NO-GO at the gate ${at + 1} of a very long day: ${'backend-api-'.repeat(18)}`.slice(0, 300),
    text: long.repeat(at === 0 ? 36 : 2),
    tone: at === 0 ? 'critical' : 'info',
  })),
  ...Array.from({ length: 300 }, (_, at): Given => {
    const [one] = [failed, unknown].map((list) => list[at % list.length]);
    return {
      ...(at % 9 === 0 && one !== undefined ? one : { state: 'sent', text: '', title: `Notice ${at + 1} told` }),
    };
  }),
];

const drafted: readonly Given[] = failed.map(({ title, text, tone = 'info' }) => ({
  state: 'drafted',
  title,
  text,
  tone,
}));

/** By the name that `?gallery=calm&notices=NAME` asks for, with what there is to see. */
export const noticeScenes: Readonly<Record<string, readonly [sentence: string, given: readonly Given[]]>> = {
  empty: ['Nothing was told and nothing waits.', []],
  drafted: ['Notices that wait for a click.', drafted],
  failed: ['Refused for good, held by a missing secret, and tried again while offline.', failed],
  unknown: ['Sent without an answer: it may have arrived.', unknown],
  'very-long': ['40 drafts with endless words, and 300 notices in the outbox.', many()],
};

/** Null for a name nobody knows. */
export const noticesOf = (name: string, now: number): NoticesNow | null => {
  const scene = noticeScenes[name];
  if (scene === undefined) return null;
  return { channels: name === 'empty' ? [] : channels, notices: scene[1].map((given, at) => noticeOf(given, at, now)) };
};
