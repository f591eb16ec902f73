import { memo } from 'react';
import type { Point } from '../../shared/contract.ts';
import { formatNumber, withoutName } from '../../shared/format.ts';
import type { Health, HealthState } from '../../shared/health.ts';
import { decimalsOf, lineText } from '../../shared/target/line.ts';
import type { MetricSpec } from '../../shared/target/schema.ts';
import type { UnderWay } from '../../shared/under-way.ts';
import { Age } from './age.tsx';
import { Glyph, stateWord, toneOf } from './glyph.tsx';
import { Running } from './running.tsx';
import { Sparkline } from './sparkline.tsx';
import './metric-tile.css';

type Props = {
  readonly spec: MetricSpec;
  readonly health: Health | undefined;
  readonly points: readonly Point[];
  readonly baseline: number | null;
  /** The attempt that lasts, whose end brings the next value. */
  readonly underWay?: UnderWay | undefined;
  /** True while the connection is lost: what is shown was true some time ago. */
  readonly old: boolean;
  readonly onOpen: () => void;
};

/** The number and its unit apart, so that the number can be large. */
const split = (text: string, unit: string): readonly [string, string] =>
  unit !== '' && text.endsWith(unit) ? [text.slice(0, -unit.length).trim(), unit] : [text, ''];

/** The lines it is judged by: "< 500 · alert 1,000". */
const lineWords = (spec: MetricSpec): string =>
  [
    spec.target === undefined ? null : lineText(spec.target),
    spec.alert === undefined ? null : `alert ${formatNumber(spec.alert.value, decimalsOf(spec.alert.value))}`,
  ]
    .filter((words) => words !== null)
    .join(' · ');

/** States that say nothing of the metric: why, stands in the sentence. */
const unsaid: readonly HealthState[] = ['unknown', 'stale', 'internal', 'little'];

/** What to do where it leaves its lines, and why nobody knows where nobody does; nothing where nothing is asked of anybody. */
const hintOf = ({ label, todo }: MetricSpec, health: Health | undefined): string => {
  if (health?.state === 'fail' || health?.state === 'warn') return todo ?? '';
  if (health === undefined || !unsaid.includes(health.state)) return '';
  return withoutName(health.sentence, label);
};

/** One metric: what it is, how much, against which lines, how old, and in which state by shape, word and colour. */
export const MetricTile = memo(({ spec, health, points, baseline, underWay, old, onOpen }: Props) => {
  const state = health?.state ?? 'pending';
  const has = health !== undefined && health.value !== null;
  const [number, unit] = has ? split(health.text, spec.unit) : ['—', ''];
  return (
    <button
      className="tile"
      data-state={state}
      data-tone={toneOf(state)}
      data-old={old}
      onClick={onOpen}
      title={[health?.sentence, spec.todo].filter((words) => words !== undefined).join('\n')}
    >
      <span className="tile-label" dir="auto">
        {spec.label}
      </span>
      <span className="tile-value" data-empty={!has} data-long={number.length > 8}>
        <span>{number}</span>
        {unit !== '' && <small>{unit}</small>}
      </span>
      {underWay === undefined || underWay.line === '' ? (
        <Sparkline points={points} target={spec.target} alert={spec.alert} baseline={baseline} />
      ) : (
        <span className="tile-said">{underWay.line}</span>
      )}
      <span className="tile-lines">
        {underWay === undefined ? (
          lineWords(spec)
        ) : (
          <>
            <Glyph name="running" /> <Running since={underWay.since} ofMs={underWay.deadlineMs} />
          </>
        )}
      </span>
      <span className="tile-hint" dir="auto">
        {hintOf(spec, health)}
      </span>
      <span className="tile-state">
        <Glyph name={state} />
        <b>{stateWord(state)}</b>
        <Age at={health?.at ?? null} />
      </span>
    </button>
  );
});
