import { z } from 'zod';
import { occasions } from './model.ts';

/** How a target says whom to tell, of what, and what may go out without a click. */
export const channelSchema = z.strictObject({
  kind: z.string().describe('The kind of channel: slack pagerduty statuspage webhook desktop'),
  label: z.string().min(1).max(80).describe('What people call it; each label once'),
  with: z
    .record(z.string(), z.unknown())
    .default({})
    .describe('What this kind needs; secrets as secret:NAME, never as they are'),
  on: z
    .array(z.enum(occasions))
    .min(1)
    .optional()
    .describe('What it is told of; what is usual for its kind if left out'),
  send: z
    .union([z.enum(['ask', 'auto']), z.array(z.enum(occasions))])
    .default('ask')
    .describe('"ask": waits for a click. "auto": goes out by itself. A list: only these go by themselves'),
});
export type ChannelSpec = z.output<typeof channelSchema>;

/** Whether a rule of the target lets it go without a click. */
export const goesByItself = ({ send }: ChannelSpec, occasion: (typeof occasions)[number]): boolean =>
  send === 'auto' || (Array.isArray(send) && send.includes(occasion));
