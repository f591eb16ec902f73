import { z } from 'zod';
import { wordsOf } from '../../../shared/notices/model.ts';
import type { Message } from '../../../shared/notices/model.ts';
import { judge, refused, shown } from '../judge.ts';
import { defineNotice } from '../notice.ts';
import type { Letter } from '../notice.ts';
import type { Request } from '../post.ts';

const params = z.strictObject({
  key: z.string().min(1).describe('The integration key of the service, as secret:NAME'),
  url: z.string().default('https://events.pagerduty.com'),
  source: z.string().default('war-room').describe('What PagerDuty shows as the source'),
});
type Params = z.output<typeof params>;

/** PagerDuty takes at most this many characters. */
const most = { summary: 1_024, dedup: 255 };
const cut = (text: string, length: number): string => (text.length > length ? `${text.slice(0, length - 1)}…` : text);

/** One alert a run and subject: what is acknowledged and resolved is what was raised. */
const dedupKey = ({ runId, message, under }: Letter): string =>
  under ?? cut(`war-room/${runId}/${message.subject}`, most.dedup);

const severities = { info: 'info', good: 'info', warning: 'warning', critical: 'critical' } as const;
const actions: Partial<Record<Message['verb'], 'trigger' | 'acknowledge' | 'resolve'>> = {
  raise: 'trigger',
  inform: 'trigger',
  acknowledge: 'acknowledge',
  resolve: 'resolve',
};

const requestOf = (own: Params, letter: Letter): Request => {
  const { message } = letter;
  const base = own.url.replace(/\/+$/, '');
  const headers = { 'content-type': 'application/json' };
  const details = { text: message.text, facts: message.facts, practice: message.practice };
  const said = {
    summary: cut(message.title, most.summary),
    source: own.source,
    timestamp: new Date(message.at).toISOString(),
    custom_details: details,
  };
  if (message.verb === 'change')
    return {
      method: 'POST',
      url: `${base}/v2/change/enqueue`,
      headers,
      body: JSON.stringify({ routing_key: own.key, payload: said }),
    };
  const action = actions[message.verb] ?? 'trigger';
  const known = { routing_key: own.key, event_action: action, dedup_key: dedupKey(letter) };
  const body =
    action === 'trigger'
      ? { ...known, client: 'War Room', payload: { ...said, severity: severities[message.tone] } }
      : known;
  return { method: 'POST', url: `${base}/v2/enqueue`, headers, body: JSON.stringify(body) };
};

const how = ({ message }: Letter): string =>
  message.verb === 'change'
    ? 'PagerDuty: change event, pages nobody'
    : `PagerDuty: ${actions[message.verb] ?? 'trigger'}${message.verb === 'raise' || message.verb === 'inform' ? `, ${severities[message.tone]}` : ''}`;

export const pagerdutyNotice = defineNotice({
  kind: 'pagerduty',
  summary: 'A PagerDuty service by Events API v2: raises, acknowledges and resolves; a deploy is a change event',
  params,
  secrets: ['key'],
  occasions: [
    't0',
    'rollback-proposed',
    'break-glass',
    'recovered',
    'alarm',
    'alarm-acknowledged',
    'alarm-cleared',
    'incident-opened',
    'incident-resolved',
    'escalation',
  ],
  // Going live is one change event; at what time exactly, or that it was set anew, is nothing to be paged for.
  takes: ({ occasion, verb }) => occasion !== 't0' || verb === 'change',
  // A change event has no key of its own there.
  dedupes: ({ verb }) => verb !== 'change',
  // An acknowledgement or a resolution is of one alert.
  merges: ({ verb }) => verb === 'raise' || verb === 'inform',
  preview: (own, letter) => ({
    how: how(letter),
    words: wordsOf(letter.message),
    body: requestOf(own, letter).body,
  }),
  send: async (own, letter, { post }) => {
    const dedupes = letter.message.verb !== 'change';
    return judge('PagerDuty', await post(requestOf(own, letter)), dedupes, ({ status, json, text }) => {
      if (status === 202) return { kind: 'sent', receipt: dedupes ? dedupKey(letter) : null };
      const errors = Array.isArray(json?.['errors']) ? json['errors'].map(String) : [];
      const said = shown([String(json?.['message'] ?? text), ...errors].join(' '), [own.key]);
      return refused(`PagerDuty refuses it (${status}): ${said}. Look at the integration key.`);
    });
  },
});
