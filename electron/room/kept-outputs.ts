import type { NewEvent, RunId } from '../../shared/events.ts';
import type { Reading } from '../../shared/health.ts';
import type { Found } from '../../shared/probes/contract.ts';
import type { Target } from '../../shared/target/schema.ts';
import type { Documents as Texts } from '../store/documents.ts';
import type { EventLog } from '../store/event-log.ts';

/**
 * What programs said that ran once or when asked: kept by its hash, since no later answer says it again. What runs on and
 * on would fill the disk with the same words.
 */
export const keptOutputs = (
  texts: Texts,
  { probes }: Pick<Target, 'probes'>,
  readings: readonly Reading[],
): readonly NewEvent[] =>
  readings.flatMap(({ probe, sentence, facts }) => {
    const spec = probes[probe];
    const { output, sha256 } = facts;
    if (spec?.once !== true || output === undefined || sha256 === undefined) return [];
    return [
      { type: 'probe-output-kept', body: { probe, label: spec.label, sentence, sha256, kept: texts.put(output) } },
    ];
  });

/** What a probe found last; before its first answer in this room, what is kept of an earlier one. */
export const lastFound =
  (deps: { readonly log: EventLog; readonly texts: Texts }, runId: RunId, reading: (probe: string) => Reading | null) =>
  (probe: string): Found | null => {
    const newest = reading(probe);
    if (newest !== null) return { at: newest.at, facts: newest.facts };
    const event = deps.log
      .read(runId, 0)
      .findLast(({ type, body }) => type === 'probe-output-kept' && body.probe === probe);
    if (event?.type !== 'probe-output-kept') return null;
    const { kept, sha256, sentence } = event.body;
    return { at: event.at, facts: { earlier: sentence, sha256, output: deps.texts.get(kept) ?? '' } };
  };
