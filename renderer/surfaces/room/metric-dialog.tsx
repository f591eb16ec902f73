import { formatSpan, withoutName } from '../../../shared/format.ts';
import { beyond, lineText } from '../../../shared/target/line.ts';
import type { MetricSpec, ProbeSpec } from '../../../shared/target/schema.ts';
import { Age } from '../../parts/age.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph, stateWord } from '../../parts/glyph.tsx';
import { MetricChart } from '../metric/metric-chart.tsx';
import { Found } from '../metric/found.tsx';
import { TypedValue } from '../metric/typed-value.tsx';
import { useRoom, useRun } from './room-context.tsx';
import { UnderWayLine } from './under-way.tsx';
import './metric-dialog.css';

const judged = (spec: MetricSpec, asks: string): string => {
  const lines = [
    spec.target === undefined ? null : `ok while ${lineText(spec.target, spec.unit)}`,
    spec.alert === undefined ? null : `alarm when ${lineText(beyond(spec.alert), spec.unit)}`,
  ].filter((line) => line !== null);
  const value =
    spec.aggregate === 'last' ? 'The newest value of' : `The ${spec.aggregate} over ${formatSpan(spec.window)} of`;
  const limits = lines.length > 0 ? lines.join(', ') : 'no limit, shown only';
  return `${value} the series “${spec.series}” from the probe “${asks}”: ${limits}.`;
};

const ToDo = ({ words }: { readonly words: string | undefined }) =>
  words !== undefined && (
    <p>
      <b>What to do:</b> {words}
    </p>
  );

/** One metric in full: its history, what it is judged by, and a way to ask again. */
export const MetricDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { actions, operates } = useRoom();
  const closed = useRun(({ room }) => room.closed !== null);
  const spec = useRun(({ context }) => context.target.metrics[id]);
  const health = useRun(({ metrics }) => metrics.get(id));
  const probe = useRun(({ context }) => context.target.probes[spec?.probe ?? '']);
  const manual = operates && probe?.kind === 'manual';
  const underWay = useRun((run) => run.underWay.get(spec?.probe ?? ''));
  if (spec === undefined) return null;
  return (
    <Dialog title={spec.label} width="wide" lead={judged(spec, probe?.label ?? spec.probe)} onClose={onClose}>
      <div className="metric-now">
        <Glyph name={health?.state ?? 'pending'} label={stateWord(health?.state ?? 'pending')} />
        <b>{health === undefined || health.value === null ? '—' : health.text}</b>
        <span>
          {health === undefined
            ? closed
              ? 'The run is closed.'
              : 'Not asked yet.'
            : withoutName(health.sentence, spec.label)}
        </span>
        <Age at={health?.at ?? null} suffix=" ago" />
        {operates && underWay === undefined && (
          <button onClick={() => void actions.checkNow(spec.probe)}>Check now</button>
        )}
      </div>
      {underWay !== undefined && <UnderWayLine underWay={underWay} />}
      {manual && probe !== undefined && <TypedValue probe={spec.probe} spec={probe} />}
      <MetricChart id={id} spec={spec} />
      <Found probe={spec.probe} />
      {probe !== undefined && <Assertion spec={probe} />}
      <ToDo words={spec.todo} />
    </Dialog>
  );
};

/** What a probe asks and expects, as its target writes it; secrets stand there by their names alone. */
const Assertion = ({ spec }: { readonly spec: ProbeSpec }) => (
  <details className="samples">
    <summary>
      What is asked: {spec.kind}, {spec.once ? 'once' : `every ${spec.every / 1_000} s`}, within {spec.deadline / 1_000}{' '}
      s
    </summary>
    <pre className="assertion scroll" tabIndex={0} aria-label="What is asked and expected">
      {JSON.stringify(spec.with, null, 2)}
    </pre>
  </details>
);

/** One probe in full: what it asks, how often, and what it last said. */
export const ProbeDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { actions, operates } = useRoom();
  const spec = useRun(({ context }) => context.target.probes[id]);
  const health = useRun(({ probes }) => probes.get(id));
  const underWay = useRun((run) => run.underWay.get(id));
  if (spec === undefined) return null;
  const often = spec.once ? 'once when its item opens, and on demand' : `every ${spec.every / 1_000} s`;
  return (
    <Dialog
      title={spec.label}
      lead={`A probe of the kind ${spec.kind}, asked ${often}, with ${spec.deadline / 1_000} s for an answer.`}
      onClose={onClose}
    >
      <div className="metric-now">
        <Glyph name={health?.state ?? 'pending'} label={stateWord(health?.state ?? 'pending')} />
        <b>{health?.text === '' ? stateWord(health.state) : (health?.text ?? 'Not asked yet')}</b>
        <span>{withoutName(health?.sentence ?? '', spec.label)}</span>
        <Age at={health?.at ?? null} suffix=" ago" />
      </div>
      {underWay !== undefined && <UnderWayLine underWay={underWay} />}
      <ToDo words={spec.todo} />
      {operates && spec.kind === 'manual' && <TypedValue probe={id} spec={spec} />}
      <Found probe={id} open />
      <Assertion spec={spec} />
      {spec.needs.length > 0 && (
        <p className="muted">Rests on {spec.needs.join(', ')}: a failure there explains one here.</p>
      )}
      {operates && underWay === undefined && (
        <div className="foot">
          <button className="primary" onClick={() => void actions.checkNow(id)}>
            Check now
          </button>
        </div>
      )}
    </Dialog>
  );
};
