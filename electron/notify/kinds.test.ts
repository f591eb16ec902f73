import { afterEach, describe, expect, it } from 'vitest';
import type { Message } from '../../shared/notices/model.ts';
import { credentials, startFarEnd } from './fixtures/far-end.ts';
import { noticeKinds } from './index.ts';
import type { Letter, Outcome } from './notice.ts';
import { poster } from './post.ts';

const message: Message = {
  occasion: 'rollback-proposed',
  verb: 'raise',
  audience: 'team',
  tone: 'critical',
  to: 'Engineering Lead',
  subject: 'rollback/r1',
  title: 'ROLLBACK PROPOSED: shop <1.2.3> & more',
  text: 'Ada: checkout fails',
  facts: ['shop 1.2.3 · production', 'Run r · audit head 7:abc'],
  at: 1_700_000_000_000,
  practice: false,
  maintenance: null,
};
const letterOf = (change: Partial<Message> = {}, thread: string | null = null, key = 'r/1/x'): Letter => ({
  key,
  runId: 'r',
  message: { ...message, ...change },
  thread,
});

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});
const farEnd = async (options: Parameters<typeof startFarEnd>[0] = {}) => {
  const far = await startFarEnd(options);
  closing.push(far.close);
  return far;
};

const send = (kind: string, params: unknown, letter: Letter, deadlineMs = 5_000): Promise<Outcome> => {
  const found = noticeKinds.find((one) => one.kind === kind);
  if (found === undefined) throw new Error(`no kind ${kind}`);
  return found.send(params, letter, {
    post: poster({ practice: letter.message.practice, deadlineMs }),
    show: () => 0,
    now: Date.now,
  });
};

const sentence = (outcome: Outcome): string => ('sentence' in outcome ? outcome.sentence : outcome.kind);

describe('slack', () => {
  it('takes a webhook, escapes its markup, and says in its own words why it refuses one', async () => {
    const far = await farEnd();
    const hook = (token: string) => send('slack', { url: `${far.base}/slack/hook/${token}` }, letterOf());
    expect(await hook(credentials.hook)).toEqual({ kind: 'sent', receipt: null });
    expect(far.requests[0]?.body).toContain('&lt;1.2.3&gt; &amp; more');
    expect(far.received()[0]?.words).toContain('shop <1.2.3> & more');
    expect(sentence(await hook('revoked'))).toContain('(no_service): the webhook was revoked');
    expect(sentence(await hook('other'))).toContain('(invalid_token)');
  });

  it('opens one thread a run, shows what is urgent in the channel too, and takes ok:false in a 200 as a refusal', async () => {
    const far = await farEnd();
    const own = { api: `${far.base}/slack/api`, token: credentials.token, channel: '#ops' };
    const first = await send('slack', own, letterOf());
    const ts = first.kind === 'sent' ? first.receipt : null;
    expect(ts).toMatch(/^\d+\.\d+$/v);
    expect(await send('slack', own, letterOf({}, ts))).toMatchObject({ kind: 'sent' });
    expect(JSON.parse(far.requests[1]?.body ?? '')).toMatchObject({ thread_ts: ts, reply_broadcast: true });
    for (const [change, words] of [
      [{ token: 'gone-token' }, 'token_revoked'],
      [{ token: 'wrong' }, 'invalid_auth'],
      [{ channel: '#nowhere' }, 'channel_not_found'],
    ] as const) {
      const outcome = await send('slack', { ...own, ...change }, letterOf());
      expect(outcome.kind).toBe('refused');
      expect(sentence(outcome)).toContain(words);
    }
  });

  it('waits as long as a 429 says, and does not know what became of it when it dies half way', async () => {
    const far = await farEnd({
      trouble: (count) => ([429, 503, 500, 'die', 'drop'] as const)[count] ?? 'none',
      retryAfter: '7',
    });
    const own = { url: `${far.base}/slack/hook/${credentials.hook}` };
    expect(await send('slack', own, letterOf())).toMatchObject({ kind: 'later', afterMs: 7_000 });
    expect(await send('slack', own, letterOf())).toMatchObject({ kind: 'later', afterMs: 7_000 });
    for (let at = 0; at < 3; at += 1) expect(await send('slack', own, letterOf())).toMatchObject({ kind: 'unsure' });
  });
});

describe('pagerduty', () => {
  const own = (base: string, key = credentials.routing) => ({ url: base, key });

  it('raises, acknowledges and resolves one alert by one key, and a change pages nobody', async () => {
    const far = await farEnd();
    for (const verb of ['raise', 'acknowledge', 'resolve'] as const)
      expect(await send('pagerduty', own(far.base), letterOf({ verb }))).toEqual({
        kind: 'sent',
        receipt: 'war-room/r/rollback/r1',
      });
    expect(await send('pagerduty', own(far.base), letterOf({ verb: 'change' }))).toMatchObject({ kind: 'sent' });
    expect(far.received().map(({ how, ref }) => [how, ref])).toEqual([
      ['trigger', 'war-room/r/rollback/r1'],
      ['acknowledge', 'war-room/r/rollback/r1'],
      ['resolve', 'war-room/r/rollback/r1'],
      ['change event', ''],
    ]);
    expect(far.requests[3]?.path).toBe('/v2/change/enqueue');
  });

  it('cuts what is longer than it takes, and says what it refuses', async () => {
    const far = await farEnd();
    const long = letterOf({ title: 'x'.repeat(3_000), subject: `alarm/${'y'.repeat(400)}` });
    expect(await send('pagerduty', own(far.base), long)).toMatchObject({ kind: 'sent' });
    const refused = await send('pagerduty', own(far.base, 'wrong-key-of-some-length'), letterOf());
    expect(sentence(refused)).toContain("'routing_key' is not a valid integration key");
    expect(sentence(refused)).not.toContain('wrong-key-of-some-length');
  });

  it('tries again what may have arrived: the key is taken once', async () => {
    const far = await farEnd({ trouble: (count) => (count === 0 ? 'die' : 'none') });
    expect(await send('pagerduty', own(far.base), letterOf())).toMatchObject({ kind: 'later' });
    expect(await send('pagerduty', own(far.base), letterOf())).toMatchObject({ kind: 'sent' });
  });
});

describe('statuspage', () => {
  const own = (base: string, key = credentials.apiKey) => ({
    url: base,
    page: credentials.page,
    key,
    components: ['c1'],
  });
  const maintenance = (status: 'scheduled' | 'in_progress' | 'completed') =>
    ({ audience: 'public', maintenance: { status, from: 1_700_000_000_000 } }) as const;

  it('opens, updates and closes one maintenance, and publishes nothing in a test', async () => {
    let now = 0;
    const far = await farEnd({ now: () => (now += 2_000) });
    const opened = await send('statuspage', own(far.base), letterOf(maintenance('scheduled')));
    expect(opened).toEqual({ kind: 'sent', receipt: 'inc1' });
    expect(JSON.parse(far.requests[0]?.body ?? '').incident).toMatchObject({
      status: 'scheduled',
      scheduled_for: '2023-11-14T22:13:20.000Z',
      component_ids: ['c1'],
    });
    for (const status of ['in_progress', 'completed'] as const)
      expect(await send('statuspage', own(far.base), letterOf(maintenance(status), 'inc1'))).toMatchObject({
        kind: 'sent',
      });
    expect(far.received().map(({ how }) => how)).toEqual([
      'maintenance scheduled',
      'maintenance in progress',
      'maintenance completed',
    ]);
    expect(await send('statuspage', own(far.base), letterOf({ occasion: 'test' }))).toMatchObject({ kind: 'sent' });
    expect(far.received()).toHaveLength(3);
  });

  it('is left alone when it is asked too often, and refuses a wrong key, a wrong page and an update of nothing', async () => {
    const far = await farEnd({ now: () => 5 });
    expect(await send('statuspage', own(far.base), letterOf(maintenance('scheduled')))).toMatchObject({ kind: 'sent' });
    expect(await send('statuspage', own(far.base), letterOf(maintenance('scheduled')))).toMatchObject({
      kind: 'later',
    });
    expect(sentence(await send('statuspage', own(far.base, 'wrong'), letterOf(maintenance('scheduled'))))).toContain(
      'refuses the key (401)',
    );
    expect(
      await send('statuspage', { ...own(far.base), page: 'other' }, letterOf(maintenance('scheduled'))),
    ).toMatchObject({ kind: 'refused' });
    expect(sentence(await send('statuspage', own(far.base), letterOf(maintenance('completed'))))).toContain(
      'none to update',
    );
  });
});

describe('webhook', () => {
  it('signs what it sends with the time, and an id is taken once', async () => {
    const far = await farEnd();
    const own = { url: `${far.base}/hook`, secret: credentials.secret };
    expect(await send('webhook', own, letterOf())).toMatchObject({ kind: 'sent' });
    expect(await send('webhook', own, letterOf())).toMatchObject({ kind: 'sent' });
    expect(far.received()).toHaveLength(1);
    const wrong = await send('webhook', { ...own, secret: 'another-secret' }, letterOf());
    expect(sentence(wrong)).toBe(
      'The webhook refuses it (401): {"error":"The signature does not fit."}. Does its secret match the one set here?',
    );
    const old = noticeKinds
      .find(({ kind }) => kind === 'webhook')
      ?.send(own, letterOf({}, null, 'other'), {
        post: poster({ practice: false }),
        show: () => 0,
        now: () => Date.now() - 3_600_000,
      });
    expect(sentence((await old) ?? { kind: 'refused', sentence: '' })).toContain('too old');
  });
});

describe('whatever is sent', () => {
  it('leaves nothing where nobody listens, is never redirected, and knows what was surely not sent', async () => {
    const far = await farEnd({ answer: () => ({ status: 302, type: 'text/plain', body: '' }) });
    const gone = await farEnd();
    await gone.close();
    expect(await send('webhook', { url: `${gone.base}/hook`, secret: 'sss' }, letterOf())).toMatchObject({
      kind: 'later',
      channel: true,
    });
    expect(await send('slack', { url: `${gone.base}/x` }, letterOf())).toMatchObject({ kind: 'later' });
    expect(sentence(await send('webhook', { url: `${far.base}/hook`, secret: 'sss' }, letterOf()))).toContain(
      'redirects (302)',
    );
    expect(await send('webhook', { url: 'not an address', secret: 'sss' }, letterOf())).toMatchObject({ kind: 'held' });
    expect(sentence(await send('webhook', { url: 'http://hooks.example.com/x', secret: 'sss' }, letterOf()))).toContain(
      'without TLS',
    );
  });

  it('never leaves this machine in practice', async () => {
    for (const [kind, own] of [
      ['slack', { url: 'https://hooks.slack.com/services/T/B/x' }],
      ['slack', { token: 'x', channel: '#ops' }],
      ['pagerduty', { key: 'x' }],
      ['statuspage', { key: 'x', page: 'p' }],
      ['webhook', { url: 'https://127.0.0.1.example.com/', secret: 'x' }],
    ] as const) {
      const outcome = await send(
        kind,
        own,
        letterOf({ practice: true, maintenance: { status: 'scheduled', from: 0 } }),
      );
      expect(outcome.kind).toBe('held');
      expect(sentence(outcome)).toContain('practice');
    }
  });

  it('is over within its deadline, whatever drips', async () => {
    const { createServer } = await import('node:http');
    const server = createServer((_, response) => {
      response.writeHead(200);
      const timer = setInterval(() => response.write(' '), 20);
      response.on('close', () => clearInterval(timer));
    });
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    closing.push(
      () =>
        new Promise((done) => {
          server.close(() => done());
          server.closeAllConnections();
        }),
    );
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/`;
    expect(await send('slack', { url }, letterOf(), 300)).toMatchObject({ kind: 'unsure' });
  });

  it('shows the exact words and body before it goes, with references and no secrets', () => {
    for (const [kind, own] of [
      ['slack', { url: 'secret:hook' }],
      ['slack', { token: 'secret:token', channel: '#ops' }],
      ['pagerduty', { key: 'secret:key' }],
      ['statuspage', { key: 'secret:key', page: 'p' }],
      ['webhook', { url: 'secret:url', secret: 'secret:sign' }],
      ['desktop', {}],
    ] as const) {
      const preview = noticeKinds.find((one) => one.kind === kind)?.preview(own, letterOf());
      expect(preview?.words).toContain('ROLLBACK PROPOSED: shop <1.2.3> & more');
      expect(preview?.how).not.toBe('');
    }
  });
});
