import { z } from 'zod';
import { wordsOf } from '../../../shared/notices/model.ts';
import type { Maintenance } from '../../../shared/notices/model.ts';
import { judge, refused, shown } from '../judge.ts';
import { defineNotice } from '../notice.ts';
import type { Letter } from '../notice.ts';
import type { Request } from '../post.ts';

const params = z.strictObject({
  key: z.string().min(1).describe('An API key, as secret:NAME'),
  page: z.string().min(1).describe('The id of the page'),
  components: z.array(z.string()).default([]).describe('The ids of the components under maintenance'),
  minutes: z.number().int().min(5).max(10_080).default(60).describe('How long the maintenance is announced for'),
  url: z.string().default('https://api.statuspage.io'),
});
type Params = z.output<typeof params>;

const componentStates: Record<Maintenance, string> = {
  scheduled: 'operational',
  in_progress: 'under_maintenance',
  verifying: 'under_maintenance',
  completed: 'operational',
};

const requestOf = (own: Params, { message, thread, key }: Letter): Request => {
  const { status, from } = message.maintenance ?? { status: 'scheduled', from: message.at };
  const base = `${own.url.replace(/\/+$/, '')}/v1/pages/${encodeURIComponent(own.page)}/incidents`;
  const headers = { 'content-type': 'application/json', authorization: `OAuth ${own.key}` };
  // A page is for everybody: a test looks whether the key opens it, and publishes nothing.
  if (message.occasion === 'test') return { method: 'GET', url: base.replace(/\/incidents$/, ''), headers, body: '' };
  const body = [message.text, ...message.facts].filter((line) => line !== '').join('\n');
  const components =
    own.components.length === 0
      ? {}
      : { components: Object.fromEntries(own.components.map((id) => [id, componentStates[status]])) };
  if (thread !== null)
    return {
      method: 'PATCH',
      url: `${base}/${encodeURIComponent(thread)}`,
      headers,
      body: JSON.stringify({ incident: { status, body, ...components } }),
    };
  const incident = {
    name: message.title.slice(0, 255),
    status,
    impact_override: 'maintenance',
    scheduled_for: new Date(from).toISOString(),
    scheduled_until: new Date(from + own.minutes * 60_000).toISOString(),
    scheduled_auto_in_progress: false,
    scheduled_auto_completed: false,
    body,
    ...(own.components.length === 0 ? {} : { component_ids: own.components }),
    ...components,
    metadata: { war_room: { key } },
  };
  return { method: 'POST', url: base, headers, body: JSON.stringify({ incident }) };
};

export const statuspageNotice = defineNotice({
  kind: 'statuspage',
  summary: 'A scheduled maintenance on Statuspage: opened, updated and closed with the run',
  params,
  secrets: ['key'],
  occasions: ['maintenance'],
  audience: 'public',
  merges: () => false,
  // Statuspage takes one request a second and key; a little more keeps clear of its own rounding.
  gapMs: 1_050,
  pacedBy: 'key',
  preview: (own, letter) => ({
    how: `Statuspage: maintenance ${(letter.message.maintenance?.status ?? 'scheduled').replace('_', ' ')}, for everybody to read`,
    words: wordsOf(letter.message),
    body: requestOf(own, letter).body,
  }),
  send: async (own, letter, { post }) => {
    const status = letter.message.maintenance?.status ?? 'scheduled';
    if (letter.message.occasion !== 'test' && letter.thread === null && !['scheduled', 'in_progress'].includes(status))
      return refused('No maintenance of this run was opened on the page, so that there is none to update.');
    return judge('Statuspage', await post(requestOf(own, letter)), false, (reply) => {
      const id = reply.json?.['id'];
      if (reply.status >= 200 && reply.status < 300)
        return { kind: 'sent', receipt: typeof id === 'string' ? id : letter.thread };
      const said = shown([reply.json?.['error'] ?? reply.text].flat().map(String).join(' '), [own.key]);
      if (reply.status === 401 || reply.status === 403)
        return refused(`Statuspage refuses the key (${reply.status}): ${said}. Set the secret anew.`);
      if (reply.status === 404) return refused('Statuspage knows no such page or maintenance (404).');
      return refused(`Statuspage refuses it (${reply.status}): ${said}`);
    });
  },
});
