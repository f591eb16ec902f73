import { useId } from 'react';
import { formatCount } from '../../../shared/format.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import type { Verdicts } from '../../../shared/projections/verdicts.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { clockTime, dayTime } from '../../words.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import type { Against } from './verdict-actions.ts';

type Baseline = Verdicts['baselines'][number];

const keyOf = ({ baseline, week }: Against): string => `${baseline ?? 'newest'}${week ? ' week' : ''}`;

type ChooseProps = { readonly against: Against; readonly choose: (against: Against) => void };

/** What the numbers after T-0 are held against: the newest baseline, an earlier one, or the same hour a week before. */
const Choose = ({ against, choose }: ChooseProps) => {
  const id = useId();
  const baselines = useRun(({ verdicts }) => verdicts.baselines);
  const options = baselines.toReversed().flatMap((taken, at): readonly (readonly [Against, string])[] => {
    const seq = at === 0 ? null : taken.seq;
    const name = `the baseline of ${clockTime(taken.to)}${at === 0 && baselines.length > 1 ? ', the newest' : ''}`;
    const week: readonly (readonly [Against, string])[] =
      taken.weekBefore == null ? [] : [[{ baseline: seq, week: true }, `a week before ${clockTime(taken.to)}`]];
    return [[{ baseline: seq, week: false }, name], ...week];
  });
  if (options.length < 2) return null;
  return (
    <label className="row" htmlFor={id}>
      Held against{' '}
      <select
        id={id}
        value={keyOf(against)}
        onChange={(event) => choose(options.find(([one]) => keyOf(one) === event.target.value)?.[0] ?? against)}
      >
        {options.map(([one, words]) => (
          <option key={keyOf(one)} value={keyOf(one)}>
            {words}
          </option>
        ))}
      </select>
    </label>
  );
};

const Warnings = ({ warnings }: Pick<Baseline, 'warnings'>) => {
  const [first, ...rest] = warnings;
  if (first === undefined) return null;
  return (
    <details className="small">
      <summary>
        <Glyph name="warn" /> {first}
        {rest.length > 0 && `, and ${formatCount(rest.length, 'more remark')}`}
      </summary>
      <ul>
        {warnings.map((warning) => (
          <li key={warning}>{warning}</li>
        ))}
      </ul>
    </details>
  );
};

const Pins = ({ taken }: { readonly taken: Baseline }) => {
  const pins = [...(taken.version === null ? [] : [{ label: 'Version', value: taken.version }]), ...(taken.pins ?? [])];
  if (pins.length === 0) return null;
  return (
    <details className="small">
      <summary>
        What ran then: {pins[0]?.label.toLowerCase()} {pins[0]?.value}
        {pins.length > 1 && `, and ${formatCount(pins.length - 1, 'more fact')}`}
      </summary>
      <dl className="pins">
        {pins.map(({ label, value }) => (
          <div key={label}>
            <dt>{label}</dt>
            <dd>
              <code>{value}</code>
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
};

const Picture = ({ taken }: { readonly taken: Baseline }) => {
  const { ui } = useRoom();
  const picture = useRun(({ verdicts }) => verdicts.pictures.get(taken.seq));
  if (picture === undefined)
    return <span className="muted">No picture: no window that may operate was open when it was taken.</span>;
  return (
    <button onClick={() => patch(ui, { dialog: { kind: 'picture', baseline: taken.seq } })}>Picture of the room</button>
  );
};

/** The baseline in use: when, by whom, what ran, what is missing in it, and how the room looked. */
export const BaselineFacts = ({ against, choose }: ChooseProps) => {
  const { ui, actions, operates, signedIn } = useRoom();
  const taken = useRun(({ verdicts }) =>
    against.baseline === null
      ? verdicts.baselines.at(-1)
      : verdicts.baselines.find(({ seq }) => seq === against.baseline),
  );
  const live = useRun(({ room }) => room.t0 !== null);
  return (
    <section className="baseline-facts" aria-label="Baseline">
      {taken === undefined ? (
        <p>
          No baseline yet. Take it before T-0: every metric of the last hour is frozen, and what comes after is held
          against it. Without one the room takes it by itself at T-0, with a picture only if a window is open then.
        </p>
      ) : (
        <>
          <p>
            <b>Baseline</b> {dayTime(taken.from)} to {clockTime(taken.to)}, taken by {actorName(taken.by)}
            {taken.automatic && ' at T-0 because nobody had'}
            {taken.incident && (
              <b>
                , <Glyph name="warn" /> during an incident: being like it is no pass
              </b>
            )}
            .
            {(taken.remembered?.length ?? 0) > 0 &&
              ` What this room had not watched itself comes from ${taken.remembered?.map((source) => `“${source}”`).join(', ')}.`}
          </p>
          <Pins taken={taken} />
          <Warnings warnings={taken.warnings} />
        </>
      )}
      <div className="row">
        <Choose against={against} choose={choose} />
        {taken !== undefined && <Picture taken={taken} />}
        <span className="grow" />
        {operates && (
          <button
            className={taken === undefined ? 'primary' : ''}
            onClick={() => patch(ui, { dialog: { kind: 'baseline' } })}
          >
            {taken === undefined ? 'Take the baseline…' : 'Take another baseline…'}
          </button>
        )}
        {signedIn && live && (
          <button onClick={() => void actions.giveVerdict(against)}>
            {operates ? 'Put this verdict on record' : 'Judge again, on record'}
          </button>
        )}
      </div>
    </section>
  );
};
