import { formatSpan } from '../format.ts';
import type { RecordedEvent } from '../events.ts';
import type { ItemId } from '../runbook/model.ts';

type CommandLine = {
  readonly tone: 'running' | 'done' | 'fail' | 'unknown' | 'note';
  readonly text: string;
  readonly detail: string | null;
  readonly item: ItemId | null;
};

const tones = {
  done: 'done',
  failed: 'fail',
  late: 'fail',
  'not-started': 'fail',
  cancelled: 'note',
  lost: 'unknown',
} as const;

/** The timeline's words for the document's commands; null for other events. */
export const commandLine = (event: RecordedEvent): CommandLine | null => {
  if (event.type === 'command-started')
    return {
      tone: 'running',
      text: `Runs: ${event.body.label}`,
      detail: event.body.argv.join(' ').slice(0, 400),
      item: event.body.item,
    };
  if (event.type === 'probe-output-kept')
    return { tone: 'note', text: `${event.body.label}: its output is kept`, detail: event.body.sentence, item: null };
  if (event.type !== 'command-ended') return null;
  const { label, outcome, sentence, tookMs, item } = event.body;
  return {
    tone: tones[outcome],
    text: `${label}: ${outcome.replace('-', ' ')} after ${formatSpan(tookMs)}`,
    detail: sentence,
    item,
  };
};
