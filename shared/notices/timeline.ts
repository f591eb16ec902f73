import type { RecordedEvent } from '../events.ts';
import { formatCount, formatSpan } from '../format.ts';

/** The timeline's words for what became of a notice; null for other events. */
export type NoticeLine = {
  readonly tone: 'done' | 'fail' | 'unknown' | 'warn' | 'note' | 'person' | 'running';
  readonly text: string;
  readonly detail?: string | null;
};

const noticed = 60_000;

export const noticeLine = (event: RecordedEvent): NoticeLine | null => {
  switch (event.type) {
    case 'notice-released':
      return { tone: 'running', text: `To be sent to ${event.body.channel}: ${event.body.title}` };
    case 'notice-sent': {
      const { channel, title, attempts, latenessMs, count, receipt } = event.body;
      const late = latenessMs > noticed ? `, ${formatSpan(latenessMs)} late` : '';
      const said = [
        ...(attempts === 1 && late === '' ? [] : [`${formatCount(attempts, 'attempt')}${late}.`]),
        ...(receipt === null ? [] : [`Receipt ${receipt}.`]),
      ];
      return {
        tone: 'done',
        text: `Sent to ${channel}: ${count > 1 ? `${count} notices in one` : title}`,
        detail: said.length === 0 ? null : said.join(' '),
      };
    }
    case 'notice-failed':
      return {
        tone: 'fail',
        text: `${event.body.channel} refused: ${event.body.title}`,
        detail: event.body.sentence,
      };
    case 'notice-not-sent':
      return {
        tone: 'warn',
        text: `Not sent to ${event.body.channel}: ${event.body.title}`,
        detail: event.body.sentence,
      };
    case 'notice-uncertain':
      return {
        tone: 'unknown',
        text: `May have been sent to ${event.body.channel}: ${event.body.title}`,
        detail: event.body.sentence,
      };
    case 'notice-discarded':
      return { tone: 'person', text: `Notice to ${event.body.channel} discarded: ${event.body.title}` };
    case 'notice-edited':
      return {
        tone: 'person',
        text: `Notice to ${event.body.channel} reworded: ${event.body.title}`,
        detail: event.body.text,
      };
    default:
      return null;
  }
};
