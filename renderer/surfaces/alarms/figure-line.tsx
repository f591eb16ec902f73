import { alarmFigures } from '../../../shared/alarms/figures.ts';
import { formatCount, formatNumber } from '../../../shared/format.ts';
import { useNow } from '../../now.ts';
import { useRun } from '../room/room-context.tsx';

const everyMs = 10_000;

/** How the alarms of this run were to live with: as the run report has it. */
export const FigureLine = () => {
  const alarms = useRun((view) => view.alarms);
  const from = useRun(({ room }) => room.started?.at ?? 0);
  const closed = useRun(({ room }) => room.closed?.at ?? null);
  const now = useNow((at) => closed ?? Math.ceil(at / everyMs) * everyMs);
  const { raised, perTenMin, inFlood, top, topShare, stale } = alarmFigures(alarms, from, now);
  if (raised === 0) return null;
  const [worst] = top;
  return (
    <p className="alarm-figures">
      {formatCount(raised, 'alarm')} in this run: {formatNumber(perTenMin.mean, 1)} in ten minutes, {perTenMin.max} at
      most; {formatNumber(inFlood * 100, 1)} % of the time in flood
      {worst !== undefined && worst.count > 1 && `; most often ${worst.label} (${worst.count})`}
      {top.length === 10 && `; the ten most frequent are ${formatNumber(topShare * 100)} %`}
      {stale.length > 0 && `; standing longer than a shift: ${stale.join(', ')}`}.
    </p>
  );
};
