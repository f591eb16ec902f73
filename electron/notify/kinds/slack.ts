import { z } from 'zod';
import { wordsOf } from '../../../shared/notices/model.ts';
import type { Message } from '../../../shared/notices/model.ts';
import { judge, later, refused, shown } from '../judge.ts';
import { defineNotice, teamOccasions } from '../notice.ts';
import type { Letter, Outcome } from '../notice.ts';
import type { Reply, Request } from '../post.ts';

const params = z.union([
  z.strictObject({ url: z.string().min(1).describe('The address of an incoming webhook, as secret:NAME') }),
  z.strictObject({
    token: z.string().min(1).describe('A bot token with chat:write, as secret:NAME'),
    channel: z.string().min(1).describe('The id or the #name of the channel'),
    api: z.string().default('https://slack.com/api'),
  }),
]);
type Params = z.output<typeof params>;

/** The three characters that Slack's markup takes as its own. */
const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

const textOf = ({ title, text, facts }: Message): string =>
  [`*${escaped(title)}*`, ...(text === '' ? [] : [escaped(text)]), ...facts.map((fact) => `_${escaped(fact)}_`)].join(
    '\n',
  );

const requestOf = (own: Params, { message, thread }: Letter): Request => {
  const text = textOf(message);
  const json = { 'content-type': 'application/json; charset=utf-8' };
  if ('url' in own) return { method: 'POST', url: own.url, headers: json, body: JSON.stringify({ text }) };
  const body = {
    channel: own.channel,
    text,
    unfurl_links: false,
    unfurl_media: false,
    // What is urgent is shown in the channel as well as in the run's thread.
    ...(thread === null
      ? {}
      : { thread_ts: thread, ...(message.tone === 'critical' ? { reply_broadcast: true } : {}) }),
  };
  return {
    method: 'POST',
    url: `${own.api.replace(/\/+$/, '')}/chat.postMessage`,
    headers: { ...json, authorization: `Bearer ${own.token}` },
    body: JSON.stringify(body),
  };
};

const meanings: Readonly<Record<string, string>> = {
  no_service: 'the webhook was revoked; make a new one and set the secret anew',
  no_active_hooks: 'the webhook was switched off; make a new one and set the secret anew',
  invalid_token: 'the webhook is not valid any more; make a new one and set the secret anew',
  no_team: 'the workspace does not exist any more',
  team_disabled: 'the workspace was switched off',
  channel_not_found: 'it knows no such channel',
  channel_is_archived: 'the channel is archived',
  is_archived: 'the channel is archived',
  action_prohibited: 'the workspace does not allow it',
  not_in_channel: 'the bot is not in the channel; invite it',
  invalid_auth: 'the token is not valid; set the secret anew',
  not_authed: 'the token is missing',
  account_inactive: 'the token belongs to an account that was switched off',
  token_revoked: 'the token was revoked; set the secret anew',
  token_expired: 'the token has expired; set the secret anew',
  missing_scope: 'the token lacks the right chat:write',
  msg_too_long: 'the text is too long',
  no_text: 'the text is empty',
  invalid_payload: 'it does not take the message',
};

const refusal = (said: string, status: number, secrets: readonly string[]): Outcome => {
  const word = shown(said, secrets);
  const meaning = meanings[word];
  return refused(`Slack refuses it (${word === '' ? status : word})${meaning === undefined ? '.' : `: ${meaning}.`}`);
};

/** Slack's own passing troubles, told in a 200 as `ok: false`. */
const passing = [
  'ratelimited',
  'rate_limited',
  'internal_error',
  'fatal_error',
  'service_unavailable',
  'request_timeout',
];

const takenByApi = ({ json, text, status }: Reply, secrets: readonly string[]): Outcome => {
  if (json?.['ok'] === true) return { kind: 'sent', receipt: typeof json['ts'] === 'string' ? json['ts'] : null };
  const error = typeof json?.['error'] === 'string' ? json['error'] : '';
  if (passing.includes(error))
    return error.startsWith('rate')
      ? later('Slack is asked too often and is left alone for a while.', 5_000)
      : { kind: 'unsure', sentence: `Slack met a fault of its own (${error}).` };
  return refusal(error === '' ? text : error, status, secrets);
};

const takenByHook = ({ status, text, json }: Reply, secrets: readonly string[]): Outcome => {
  if (status === 200 && json?.['ok'] !== false) return { kind: 'sent', receipt: null };
  return refusal(typeof json?.['error'] === 'string' ? json['error'] : text, status, secrets);
};

export const slackNotice = defineNotice({
  kind: 'slack',
  summary: 'A Slack channel: an incoming webhook, or a bot with one thread a run',
  params,
  secrets: ['url', 'token'],
  occasions: teamOccasions,
  // Slack takes about one message a second and channel.
  gapMs: 1_000,
  preview: (own, letter) => ({
    how: 'url' in own ? 'Slack, incoming webhook' : `Slack, ${own.channel}, in the thread of this run`,
    words: wordsOf(letter.message),
    body: requestOf(own, letter).body,
  }),
  send: async (own, letter, { post }) => {
    const secrets = 'url' in own ? [own.url] : [own.token];
    return judge('Slack', await post(requestOf(own, letter)), false, (reply) =>
      'url' in own ? takenByHook(reply, secrets) : takenByApi(reply, secrets),
    );
  },
});
