import type { RecordedEvent } from '../events.ts';
import { stageWords } from './lines.ts';

/** The timeline's words for what is signed; null for other events. */
export const signOffLine = (
  event: RecordedEvent,
): {
  readonly tone: 'person' | 'open';
  readonly topic: 'run';
  readonly text: string;
  readonly detail: string | null;
} | null => {
  switch (event.type) {
    case 'sign-off-signed': {
      const { stage, role, name, verdict } = event.body;
      const saw = verdict === null ? 'no verdict was given' : `saw verdict ${verdict.slice(0, 12)}`;
      return { tone: 'person', topic: 'run', text: `${stageWords[stage]} signed: ${role}, ${name}`, detail: saw };
    }
    case 'sign-off-withdrawn':
      return { tone: 'open', topic: 'run', text: `Signature withdrawn: ${event.body.role}`, detail: event.body.reason };
    default:
      return null;
  }
};
