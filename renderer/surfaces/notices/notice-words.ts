import type { NoticesNow, NoticeView } from '../../../shared/notices/contract.ts';
import type { NoticeState, Occasion } from '../../../shared/notices/model.ts';
import type { GlyphName } from '../../parts/glyph.tsx';

const stateGlyph: Readonly<Record<NoticeState, GlyphName>> = {
  drafted: 'open',
  queued: 'deferred',
  sending: 'running',
  sent: 'done',
  failed: 'fail',
  'not-sent': 'warn',
  unknown: 'unknown',
  discarded: 'waived',
};

/** What was tried and did not go out is a warning, although it is tried again. */
export const glyphOf = ({ state, attempts }: Pick<NoticeView, 'state' | 'attempts'>): GlyphName =>
  state === 'queued' && attempts > 0 ? 'warn' : stateGlyph[state];

export const stateWords = ({ state, attempts }: Pick<NoticeView, 'state' | 'attempts'>): string => {
  switch (state) {
    case 'drafted':
      return 'waits for a click';
    case 'queued':
      return attempts === 0 ? 'on its way' : 'not sent yet';
    case 'sending':
      return 'being sent';
    case 'sent':
      return 'sent';
    case 'failed':
      return 'refused';
    case 'not-sent':
      return 'not sent';
    case 'unknown':
      return 'unknown, may have been sent';
    case 'discarded':
      return 'discarded';
  }
};

/** Words that keep their hyphen, or are written otherwise than their id. */
const written: Partial<Record<Occasion, string>> = {
  t0: 'T-0',
  'no-go': 'no-go',
  'break-glass': 'break-glass',
  'sign-off': 'sign-off',
  'runbook-moved': 'another version of the checklist',
};

export const occasionWords = (occasion: Occasion): string => written[occasion] ?? occasion.replaceAll('-', ' ');

/** The drafts of one thing that happened: the same words for each of its channels, until somebody changes them. */
export type DraftGroup = { readonly id: string; readonly drafts: readonly NoticeView[] };

/** A key is the run, the event's place, and the channel. */
const causeOf = ({ key }: NoticeView): string => key.split('/').slice(0, 2).join('/');

const urgency = ({ message }: NoticeView): number => (message.tone === 'critical' ? 1 : 0);

/** What waits for a click: what is urgent first, otherwise the newest first. */
export const waitingOf = ({ notices }: NoticesNow): readonly DraftGroup[] => {
  const groups = Map.groupBy(
    notices.filter(({ state }) => state === 'drafted'),
    (notice) => `${causeOf(notice)} ${notice.message.title} ${notice.message.text}`,
  );
  return [...groups]
    .map(([id, drafts]) => ({ id, drafts }))
    .toSorted((a, b) => Math.max(...b.drafts.map(urgency)) - Math.max(...a.drafts.map(urgency)));
};

const troubled: readonly NoticeState[] = ['failed', 'not-sent', 'unknown'];

/** What needs somebody: drafts to let go, and what did not arrive. */
export const countsOf = (now: NoticesNow): { readonly waiting: number; readonly troubled: number } => ({
  waiting: waitingOf(now).length,
  troubled: now.notices.filter(
    ({ state, attempts }) => troubled.includes(state) || (state === 'queued' && attempts > 0),
  ).length,
});
