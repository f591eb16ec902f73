import type { Execution } from '../../../shared/projections/commands.ts';
import type { Item } from '../../../shared/runbook/model.ts';
import type { UnderWay } from '../../../shared/under-way.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { Running } from '../../parts/running.tsx';
import { clockTime } from '../../words.ts';
import { useRoom, useRun } from './room-context.tsx';
import './under-way.css';

/** What runs at this moment for an item: an attempt of its probes that lasts. */
export const useUnderWay = (item: Item): UnderWay | undefined =>
  useRun(({ outline, context, underWay }) => {
    if (underWay.size === 0) return undefined;
    const bound = outline.bindings.get(item.id);
    const behind = bound?.metrics.map((metric) => context.target.metrics[metric]?.probe ?? '') ?? [];
    const running = [...(bound?.probes ?? []), ...behind].find((probe) => underWay.has(probe));
    return underWay.get(running ?? '');
  });

/** Or a command that a person started for it. */
export const useRunningCommand = (item: Item): Execution | undefined =>
  useRun(({ commands }) => {
    for (const one of commands.values()) if (one.item === item.id && one.ended === null) return one;
    return undefined;
  });

/** One attempt that lasts: since when, of how long, what it said last, and a way to end it. */
export const UnderWayLine = ({ underWay }: { readonly underWay: UnderWay }) => {
  const { actions, operates } = useRoom();
  const { probe, since, deadlineMs, line } = underWay;
  return (
    <p className="under-way" data-tone="run">
      <Glyph name="running" />
      <span>
        <b>
          <Running since={since} ofMs={deadlineMs} />
        </b>{' '}
        since {clockTime(since)}
        {line !== '' && <code className="under-way-said">{line}</code>}
      </span>
      {operates && <button onClick={() => void actions.stop(probe)}>Stop</button>}
    </p>
  );
};
