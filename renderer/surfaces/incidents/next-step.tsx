import type { Escalation } from '../../../shared/projections/escalations.ts';
import { useNow } from '../../now.ts';
import { runMoment } from '../../run-time.ts';
import { span } from '../../words.ts';
import { useRoom } from '../room/room-context.tsx';

/** How far the next step of the path is away; after the last one, when it asks again. */
export const NextStep = ({ escalation }: { readonly escalation: Escalation }) => {
  const { view } = useRoom();
  const next = escalation.steps[escalation.at + 1];
  const at = next?.dueAt ?? escalation.askAt;
  const words = useNow((now) => (at === null ? '' : span(at - runMoment(view.get().room, now))));
  if (at === null) return null;
  return (
    <span className="next-step">
      {next === undefined ? 'Asks again' : `Next: ${next.role ?? next.text}`} in{' '}
      <span role="timer" className="mono">
        {words}
      </span>
    </span>
  );
};
