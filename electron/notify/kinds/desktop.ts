import { z } from 'zod';
import { later } from '../judge.ts';
import { defineNotice } from '../notice.ts';

export const desktopNotice = defineNotice({
  kind: 'desktop',
  summary: 'A notification of the desktop, wherever a window of this room is open',
  params: z.strictObject({}),
  secrets: [],
  occasions: ['no-go', 'rollback-proposed', 'break-glass', 'recovered', 'alarm', 'incident-opened', 'escalation'],
  // A page shows a key once.
  dedupes: () => true,
  preview: (_, { message }) => ({
    how: 'Notification of the desktop',
    words: [message.title, message.text].filter((line) => line !== '').join('\n'),
    body: null,
  }),
  send: (_, { key, runId, message }, { show }) =>
    Promise.resolve(
      show({ key, runId, title: message.title, text: message.text }) > 0
        ? { kind: 'sent', receipt: null }
        : later('No window of this room is open to show it.'),
    ),
});
