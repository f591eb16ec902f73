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

const verdicts = {
  up: ['done', 'answered'],
  down: ['fail', 'failed'],
  unknown: ['unknown', 'could not tell'],
  internal: ['unknown', 'met a fault of War Room'],
  absent: ['note', 'cannot be had here'],
  lost: ['unknown', 'nobody knows what came of it'],
} as const;

/** What is asked once or by hand, because it costs or changes something. */
const askedLine = (event: RecordedEvent): CommandLine | null => {
  if (event.type === 'probe-asked')
    return { tone: 'running', text: `Asked by hand: ${event.body.label}`, detail: null, item: null };
  if (event.type !== 'probe-answered') return null;
  const { label, verdict, sentence, tookMs } = event.body;
  const took = tookMs === null ? '' : ` after ${formatSpan(tookMs)}`;
  const [tone, words] = verdicts[verdict];
  return { tone, text: `${label}: ${words}${took}`, detail: sentence, item: null };
};

/** The timeline's words for the document's commands, and for probes that run like one; null for other events. */
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
  if (event.type !== 'command-ended') return askedLine(event);
  const { label, outcome, sentence, tookMs, item } = event.body;
  return {
    tone: tones[outcome],
    text: `${label}: ${outcome.replace('-', ' ')} after ${formatSpan(tookMs)}`,
    detail: sentence,
    item,
  };
};
