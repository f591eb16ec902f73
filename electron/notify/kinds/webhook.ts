import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { wordsOf } from '../../../shared/notices/model.ts';
import { judge, refused, shown } from '../judge.ts';
import { defineNotice, teamOccasions } from '../notice.ts';
import type { Letter } from '../notice.ts';

const params = z.strictObject({
  url: z.string().min(1).describe('Where the JSON is posted; as secret:NAME where the address itself is one'),
  secret: z.string().min(1).describe('The key of the signature, as secret:NAME'),
});

/** `id` is the same whenever it is sent again, so that the other end can take it once. */
const bodyOf = ({ key, runId, message }: Letter): string =>
  JSON.stringify({ id: key, type: `war-room.${message.occasion}`, run: runId, ...message });

/** "t=SECONDS,v1=HEX": HMAC-SHA256 over "SECONDS.BODY", so that neither the body nor its age can be forged. */
const signature = (secret: string, seconds: number, body: string): string =>
  `t=${seconds},v1=${createHmac('sha256', secret).update(`${seconds}.${body}`).digest('hex')}`;

export const webhookNotice = defineNotice({
  kind: 'webhook',
  summary: 'Any address that takes signed JSON (HMAC-SHA256 with the time)',
  params,
  secrets: ['secret'],
  occasions: teamOccasions,
  // Its contract: the same id is the same notice.
  dedupes: () => true,
  preview: (_, letter) => ({
    how: 'Webhook, signed with HMAC-SHA256',
    words: wordsOf(letter.message),
    body: bodyOf(letter),
  }),
  send: async (own, letter, { post, now }) => {
    const body = bodyOf(letter);
    const seconds = Math.floor(now() / 1_000);
    const headers = {
      'content-type': 'application/json',
      'idempotency-key': letter.key,
      'x-war-room-signature': signature(own.secret, seconds, body),
    };
    const posted = await post({ method: 'POST', url: own.url, headers, body });
    return judge('The webhook', posted, true, ({ status, text }) => {
      if (status >= 200 && status < 300) return { kind: 'sent', receipt: null };
      const said = shown(text, [own.url, own.secret]);
      const why = status === 401 || status === 403 ? ' Does its secret match the one set here?' : '';
      return refused(`The webhook refuses it (${status})${said === '' ? '.' : `: ${said}.`}${why}`);
    });
  },
});
