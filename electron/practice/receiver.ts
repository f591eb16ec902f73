import { createHmac, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Received } from '../../shared/notices/contract.ts';

/** What a request asks, and what it gets. */
export type Asked = {
  readonly method: string;
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};
export type Answered = {
  readonly status: number;
  readonly type: string;
  readonly body: string;
  readonly headers?: Readonly<Record<string, string>>;
};

/** Good for one receiver alone: they protect nothing. */
export type Credentials = {
  readonly hook: string;
  readonly token: string;
  readonly routing: string;
  readonly page: string;
  readonly apiKey: string;
  readonly secret: string;
};

type Json = Readonly<Record<string, unknown>>;
type Take = (received: Omit<Received, 'at'>) => void;
type Answer = (asked: Asked, take: Take) => Answered;

const kept = 200;
const maxSkewSeconds = 300;

const json = (status: number, body: unknown): Answered => ({
  status,
  type: 'application/json',
  body: JSON.stringify(body),
});
const text = (status: number, body: string): Answered => ({ status, type: 'text/plain', body });

const objectOf = (value: unknown): Json | null =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : null;
const read = (body: string): Json | null => {
  try {
    return objectOf(JSON.parse(body));
  } catch {
    return null;
  }
};
const wordsIn = (value: unknown): string => (typeof value === 'string' ? value : '');
const plain = (markup: string): string =>
  markup
    .replaceAll(/[*_](?=\S)|(?<=\S)[*_]/gv, '')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');

/** Slack's incoming webhook: "ok" as plain text, or a word for what is wrong. */
const hook =
  ({ hook: known }: Credentials): Answer =>
  ({ path, body }, take) => {
    const token = path.slice('/slack/hook/'.length);
    if (token === 'revoked') return text(404, 'no_service');
    if (token !== known) return text(403, 'invalid_token');
    const said = read(body);
    if (said === null) return text(400, 'invalid_payload');
    const words = wordsIn(said['text']);
    if (words === '') return text(400, 'no_text');
    take({ by: 'Slack', how: 'webhook', words: plain(words), ref: '' });
    return text(200, 'ok');
  };

/** Slack's chat.postMessage: 200 whatever happens, with `ok` true or false. */
const postMessage = ({ token }: Credentials): Answer => {
  let count = 0;
  return ({ headers, body }, take) => {
    const given = headers.authorization ?? '';
    if (given === '') return json(200, { ok: false, error: 'not_authed' });
    if (given === 'Bearer gone-token') return json(200, { ok: false, error: 'token_revoked' });
    if (given !== `Bearer ${token}`) return json(200, { ok: false, error: 'invalid_auth' });
    const said = read(body);
    if (said === null) return json(200, { ok: false, error: 'invalid_json' });
    const channel = wordsIn(said['channel']);
    if (channel === '' || channel.includes('nowhere')) return json(200, { ok: false, error: 'channel_not_found' });
    if (wordsIn(said['text']) === '') return json(200, { ok: false, error: 'no_text' });
    count += 1;
    const ts = `1700000000.${String(count).padStart(6, '0')}`;
    const thread = wordsIn(said['thread_ts']);
    take({
      by: 'Slack',
      how: thread === '' ? channel : `${channel}, in the thread`,
      words: plain(wordsIn(said['text'])),
      ref: thread,
    });
    return json(200, { ok: true, channel, ts, message: { text: said['text'] } });
  };
};

const severities = ['critical', 'error', 'warning', 'info'];

/** PagerDuty's Events API v2: 202 for what it takes. */
const enqueue =
  ({ routing }: Credentials): Answer =>
  ({ path, body }, take) => {
    const said = read(body);
    const change = path === '/v2/change/enqueue';
    const payload = objectOf(said?.['payload']);
    const action = wordsIn(said?.['event_action']);
    const dedup = wordsIn(said?.['dedup_key']);
    const errors = [
      ...(said?.['routing_key'] === routing ? [] : ["'routing_key' is not a valid integration key"]),
      ...(change || ['trigger', 'acknowledge', 'resolve'].includes(action) ? [] : ["'event_action' is invalid"]),
      ...(change || action === 'trigger' || dedup !== '' ? [] : ["'dedup_key' is missing or blank"]),
      ...((change || action === 'trigger') && wordsIn(payload?.['summary']) === ''
        ? ["'payload.summary' is missing or blank"]
        : []),
      ...(!change && action === 'trigger' && !severities.includes(wordsIn(payload?.['severity']))
        ? ["'payload.severity' is invalid"]
        : []),
      ...(dedup.length > 255 ? ["'dedup_key' is too long"] : []),
    ];
    if (errors.length > 0) return json(400, { status: 'invalid event', message: 'Event object is invalid', errors });
    take({
      by: 'PagerDuty',
      how: change ? 'change event' : action,
      words: wordsIn(payload?.['summary']) || dedup,
      ref: dedup,
    });
    return change
      ? json(202, { status: 'success', message: 'Change event processed' })
      : json(202, { status: 'success', message: 'Event processed', dedup_key: dedup });
  };

const statuses = ['scheduled', 'in_progress', 'verifying', 'completed'];

/** Statuspage's incidents of one page; more than one request a second is refused. */
const pages = ({ page, apiKey }: Credentials, now: () => number): Answer => {
  const incidents = new Map<string, string>();
  let last = -Infinity;
  return ({ method, path, headers, body }, take) => {
    if (headers.authorization !== `OAuth ${apiKey}`) return json(401, { error: 'Could not authenticate' });
    const [, , , own, what, id] = path.split('/');
    if (own !== page) return json(404, { error: 'Not found' });
    const since = now() - last;
    last = now();
    if (since < 1_000) return json(429, { error: 'Too many requests' });
    if (method === 'GET' && what === undefined) return json(200, { id: page, name: 'Practice status' });
    const incident = objectOf(read(body)?.['incident']);
    const status = wordsIn(incident?.['status']);
    if (!statuses.includes(status)) return json(422, { error: ['Status is not included in the list'] });
    if (method === 'POST' && what === 'incidents' && id === undefined) {
      if (wordsIn(incident?.['name']) === '') return json(422, { error: ["Name can't be blank"] });
      const made = `inc${incidents.size + 1}`;
      incidents.set(made, wordsIn(incident?.['name']));
      take({
        by: 'Statuspage',
        how: `maintenance ${status}`,
        words: `${wordsIn(incident?.['name'])}\n${wordsIn(incident?.['body'])}`,
        ref: made,
      });
      return json(201, { id: made, status, shortlink: `http://stspg.test/${made}` });
    }
    const known = incidents.get(id ?? '');
    if (method !== 'PATCH' || known === undefined) return json(404, { error: 'Not found' });
    take({
      by: 'Statuspage',
      how: `maintenance ${status.replace('_', ' ')}`,
      words: `${known}\n${wordsIn(incident?.['body'])}`,
      ref: id ?? '',
    });
    return json(200, { id, status });
  };
};

/** Any receiver of signed JSON: checks the signature and its age, and takes an id once. */
const signed = ({ secret }: Credentials, now: () => number): Answer => {
  const seen = new Set<string>();
  return ({ headers, body }, take) => {
    const { t = '', v1 = '' } =
      /^t=(?<t>\d+),v1=(?<v1>[\da-f]{64})$/v.exec(String(headers['x-war-room-signature'] ?? ''))?.groups ?? {};
    const expected = createHmac('sha256', secret).update(`${t}.${body}`).digest();
    const given = Buffer.from(v1, 'hex');
    if (given.length !== expected.length || !timingSafeEqual(given, expected))
      return json(401, { error: 'The signature does not fit.' });
    if (Math.abs(now() / 1_000 - Number(t)) > maxSkewSeconds) return json(401, { error: 'The signature is too old.' });
    const said = read(body);
    const id = wordsIn(said?.['id']);
    if (seen.has(id)) return json(200, { taken: 'before' });
    seen.add(id);
    take({
      by: 'Webhook',
      how: wordsIn(said?.['type']),
      words: `${wordsIn(said?.['title'])}\n${wordsIn(said?.['text'])}`.trim(),
      ref: id,
    });
    return json(200, { taken: 'now' });
  };
};

/**
 * A far end for notices that speaks as much of Slack, PagerDuty, Statuspage and a signed webhook as War Room uses, with
 * their own status codes and refusals, and keeps what it was told.
 */
export const createReceiver = (credentials: Credentials, now: () => number = Date.now) => {
  let received: readonly Received[] = [];
  const take: Take = (one) => (received = [...received, { ...one, at: now() }].slice(-kept));
  const routes: readonly (readonly [prefix: string, answer: Answer])[] = [
    ['/slack/hook/', hook(credentials)],
    ['/slack/api/chat.postMessage', postMessage(credentials)],
    ['/v2/', enqueue(credentials)],
    ['/v1/pages/', pages(credentials, now)],
    ['/hook', signed(credentials, now)],
  ];
  return {
    answer: (asked: Asked): Answered =>
      routes.find(([prefix]) => asked.path.startsWith(prefix))?.[1](asked, take) ?? json(404, { error: 'Not found' }),
    received: (): readonly Received[] => received,
  };
};
