import { randomBytes } from 'node:crypto';
import { json, type Ask, type Reply, type Route, type World } from './world.ts';

/** The one account of the practice service, and a token that is always good: they protect nothing. */
export const practiceAccount = {
  email: 'oncall@practice.test',
  password: 'practice',
  token: 'practice-token',
} as const;

const keptTokens = 1_000;

const parsed = (body: string): Record<string, unknown> | null => {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : null;
  } catch {
    return null;
  }
};

const tokenOf = ({ request }: Ask): string => request.headers.authorization?.replace(/^Bearer /, '') ?? '';
const isKnown = (world: World, ask: Ask): boolean =>
  tokenOf(ask) === practiceAccount.token || world.tokens.has(tokenOf(ask));

/** A route of the product that wants a token. */
const signedIn = (feels: Route['feels'], answer: Route['answer']): Route => ({
  feels,
  answer: (world, ask) => (isKnown(world, ask) ? answer(world, ask) : json({ error: 'Sign in first.' }, 401)),
});

const login = ({ tokens }: World, { body }: Ask): Reply => {
  const input = parsed(body);
  if (input === null) return json({ error: 'The body is no JSON object.' }, 400);
  if (input['email'] !== practiceAccount.email || input['password'] !== practiceAccount.password)
    return json({ error: 'The address or the password is wrong.' }, 401);
  const token = randomBytes(16).toString('hex');
  tokens.add(token);
  const [oldest] = tokens;
  if (tokens.size > keptTokens && oldest !== undefined) tokens.delete(oldest);
  return json({ token, user: { email: practiceAccount.email } });
};

const logout = ({ tokens }: World, ask: Ask): Reply => {
  tokens.delete(tokenOf(ask));
  return json({ status: 'signed-out' });
};

const send = (world: World, { body }: Ask): Reply => {
  const input = parsed(body);
  if (typeof input?.['to'] !== 'string' || typeof input['text'] !== 'string')
    return json({ error: 'A message has "to" and "text".' }, 400);
  world.traffic.counters.messages++;
  world.traffic.counters.messagesDelivered++;
  return json({ id: `msg-${randomBytes(6).toString('hex')}`, status: 'queued', to: input['to'] }, 201);
};

const conversations = [1, 2, 3].map((n) => ({ id: `conv-${n}`, with: `+1555010000${n}`, unread: n - 1 }));

const begin = (world: World): Reply => {
  world.traffic.counters.conversations++;
  return json({ id: `conv-${randomBytes(4).toString('hex')}` }, 201);
};

const reply = (_: World, { rest, body }: Ask): Reply => {
  const [id = '', verb] = rest.split('/');
  if (verb !== 'replies' || !conversations.some((one) => one.id === id))
    return json({ error: 'No such conversation.' }, 404);
  if (typeof parsed(body)?.['text'] !== 'string') return json({ error: 'A reply has "text".' }, 400);
  return json({ id: `msg-${randomBytes(6).toString('hex')}`, conversation: id, status: 'queued' }, 201);
};

const webhook = (sender: 'telnyx' | 'stripe'): Route => ({
  feels: 'data',
  answer: ({ traffic: { counters } }, { body }) => {
    if (parsed(body) === null) return json({ error: 'The body is no JSON object.' }, 400);
    for (const name of ['webhooks', 'webhooksDelivered', sender, `${sender}Delivered`] as const) counters[name]++;
    return json({ received: true });
  },
});

const percent = (part: number, whole: number): number | null => (whole === 0 ? null : (100 * part) / whole);

const webhookNumbers = ({ traffic: { counters: c } }: World): Reply =>
  json({
    telnyx: { received: c.telnyx, handled: c.telnyxDelivered, percent: percent(c.telnyxDelivered, c.telnyx) },
    stripe: { received: c.stripe, handled: c.stripeDelivered, percent: percent(c.stripeDelivered, c.stripe) },
    received: c.webhooks,
    handled: c.webhooksDelivered,
  });

const keptUploads = 100;

const upload = ({ uploads }: World, { rest, body }: Ask): Reply => {
  uploads.set(rest, body);
  const [oldest] = uploads.keys();
  if (uploads.size > keptUploads && oldest !== undefined) uploads.delete(oldest);
  return json({ key: rest, bytes: Buffer.byteLength(body) }, 201);
};

const admin = ({ release, traffic }: World): Reply => ({
  status: 200,
  type: 'text/html; charset=utf-8',
  body: `<!doctype html><html lang="en"><title>Practice admin</title><h1>Admin dashboard</h1>
<p>Version <b>${release.version().replace(/[&<>"]/g, '')}</b>, ${Math.round(traffic.gauges.activeUsers)} active users.</p></html>`,
});

/** What the users of the practice service use. */
export const productRoutes: Readonly<Record<string, Route>> = {
  'POST /api/auth/login': { feels: 'data', answer: login },
  'POST /api/auth/logout': signedIn('data', logout),
  'POST /api/v1/messages': signedIn('data', send),
  'GET /api/v1/conversations': signedIn('data', () => json({ conversations })),
  'POST /api/v1/conversations': signedIn('data', begin),
  'POST /api/v1/conversations/*': signedIn('data', reply),
  'GET /api/v1/billing/check': signedIn('data', ({ traffic: { counters } }) =>
    json({ status: 'ok', operations: counters.bills, failed: counters.bills - counters.billsOk }),
  ),
  'POST /webhooks/telnyx': webhook('telnyx'),
  'POST /webhooks/stripe': webhook('stripe'),
  'GET /webhooks/stats': { feels: 'outside', answer: webhookNumbers },
  'GET /admin': { feels: 'data', answer: admin },
  'PUT /uploads/*': { feels: 'product', answer: upload },
  'GET /uploads/*': {
    feels: 'product',
    answer: ({ uploads }, { rest }) => {
      const body = uploads.get(rest);
      return body === undefined
        ? json({ error: 'No such upload.' }, 404)
        : { status: 200, type: 'text/plain; charset=utf-8', body };
    },
  },
  'DELETE /uploads/*': { feels: 'product', answer: ({ uploads }, { rest }) => json({ deleted: uploads.delete(rest) }) },
};
