import { useId, useState } from 'react';
import type { Answers } from '../../../shared/rollback/events.ts';
import type { Purpose } from '../../../shared/rollback/plan.ts';
import type { RollbackPlan } from '../../../shared/rollback/contract.ts';
import { firstSentence, formatCount } from '../../../shared/format.ts';
import type { RunView } from '../../run-view.ts';
import { sameParts } from '../../store.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { useCalls } from './rollback-scope.ts';
import { Written } from './written.tsx';

const least = 10;

type Option = readonly [value: string, label: string];

/** A question with its answers side by side; none is chosen beforehand. */
const Question = (props: {
  readonly legend: string;
  readonly options: readonly Option[];
  readonly value: string | null;
  readonly onChoose: (value: string) => void;
}) => {
  const name = useId();
  return (
    <fieldset className="rb-question">
      <legend>{props.legend}</legend>
      {props.options.map(([value, label]) => (
        <label key={value}>
          <input
            type="radio"
            name={name}
            value={value}
            checked={props.value === value}
            onChange={() => props.onChoose(value)}
          />
          {label}
        </label>
      ))}
    </fieldset>
  );
};

const yesNo: readonly Option[] = [
  ['yes', 'Yes'],
  ['no', 'No'],
  ['unsure', 'Cannot say'],
];
const migrationOptions: readonly Option[] = [
  ['none', 'None'],
  ['compatible', 'Yes, and the old code works on the new schema'],
  ['incompatible', 'Yes, and it does not'],
  ['unsure', 'Cannot say'],
];
const asTruth = (value: string | undefined): boolean | null => (value === 'yes' ? true : value === 'no' ? false : null);
const asMigrations = (value: string | undefined): Answers['migrations'] =>
  value === 'none' || value === 'compatible' || value === 'incompatible' ? value : null;

/** Asked of everybody who proposes to go back. Nobody has to know: "cannot say" is an answer, and is shown as one. */
const Questions = ({ onAnswer }: { readonly onAnswer: (answers: Answers) => void }) => {
  const [said, setSaid] = useState<Readonly<Record<string, string>>>({});
  const question = (name: string, legend: string, options: readonly Option[]) => (
    <Question
      legend={legend}
      options={options}
      value={said[name] ?? null}
      onChoose={(value) => {
        const now = { ...said, [name]: value };
        setSaid(now);
        onAnswer({
          critical: asTruth(now['critical']),
          fixable: asTruth(now['fixable']),
          migrations: asMigrations(now['migrations']),
        });
      }}
    />
  );
  return (
    <>
      {question('critical', 'Is it a critical failure?', yesNo)}
      {question('fixable', 'Can it be fixed in less than 30 minutes?', yesNo)}
      {question('migrations', 'Migrations in this release?', migrationOptions)}
    </>
  );
};

type Hint = { readonly source: 'person' | 'gate' | 'verdict' | 'alarm'; readonly reason: string };

const mostReasons = 3;

/** The first sentence of the first reasons: what people read on their phones; the verdict on record has all of it. */
const brief = (reasons: readonly string[]): string => {
  const first = reasons.slice(0, mostReasons).map(firstSentence);
  const more = reasons.length - first.length;
  return [...first, ...(more > 0 ? [`And ${formatCount(more, 'more reason')} in the verdict.`] : [])].join(' ');
};

/** What speaks for going back by itself: people at a gate, else a verdict that recommends it, else something critical that fails. */
const hintOf = ({ gates, verdicts, context, metrics, probes }: RunView): Hint => {
  const back = [...gates.values()].flatMap(({ passage }) =>
    passage?.kind === 'decided' && passage.decision === 'rollback' ? (passage.reason ?? '') : [],
  );
  if (back.length > 0) return { source: 'gate', reason: back.at(-1) ?? '' };
  const verdict = verdicts.verdicts.at(-1);
  if (verdict?.recommendation === 'roll-back') return { source: 'verdict', reason: brief(verdict.reasons) };
  const { target } = context;
  const critical = Object.entries({ ...target.probes, ...target.metrics }).filter(([, spec]) => spec.critical);
  const failing = critical.map(([id]) => metrics.get(id) ?? probes.get(id)).find((health) => health?.state === 'fail');
  return failing === undefined ? { source: 'person', reason: '' } : { source: 'alarm', reason: failing.sentence };
};

/** One click from here: proposed, told to the lead, checked and, where this person may, authorised. */
const useProposal = (plan: RollbackPlan, purpose: Purpose) => {
  const { client, runId, taken } = useCalls();
  const [busy, setBusy] = useState(false);
  const propose = async ({ source, reason }: Hint, answers: Answers): Promise<void> => {
    setBusy(true);
    await taken(
      client.propose({ runId, purpose, source, reason, answers }).then(async ({ rollback }) => {
        if (plan.mayAuthorise) await client.authorise({ runId, rollback, code: null });
        await client.check({ runId, rollback });
      }),
    );
    setBusy(false);
  };
  return { busy, propose };
};

const ProposalForm = ({ plan, purpose }: { readonly plan: RollbackPlan; readonly purpose: Purpose }) => {
  const id = useId();
  const { busy, propose } = useProposal(plan, purpose);
  const hint = useRun(hintOf, sameParts);
  const [words, setReason] = useState<string | null>(null);
  const rollback = purpose === 'rollback';
  // What a person types is their own; until then the reason is what spoke first.
  const source = words === null && rollback ? hint.source : 'person';
  const reason = words ?? (rollback ? hint.reason : '');
  const [answers, setAnswers] = useState<Answers>({ critical: null, fixable: null, migrations: null });
  const missing = least - reason.trim().length;
  return (
    <form
      className="rb-propose"
      onSubmit={(event) => {
        event.preventDefault();
        if (missing <= 0 && !busy) void propose({ source, reason: reason.trim() }, answers);
      }}
    >
      <div className="rb-field">
        <label htmlFor={id}>{rollback ? 'Why go back?' : 'What is deployed, and why now?'}</label>
        <textarea
          id={id}
          value={reason}
          aria-describedby={`${id}-hint`}
          onChange={(event) => setReason(event.target.value)}
        />
        <span id={`${id}-hint`} className="muted small">
          {missing > 0
            ? `${missing} more character${missing === 1 ? '' : 's'}`
            : 'Kept in the log, and sent with the notice.'}
        </span>
      </div>
      {rollback && <Questions onAnswer={setAnswers} />}
      <div className="row">
        <button className="danger" disabled={missing > 0 || busy}>
          {busy ? 'Checking…' : rollback ? 'Propose rollback' : 'Propose deployment'}
        </button>
        <span className="muted small">
          Changes nothing yet: everything is looked at first. {plan.hears[rollback ? 'rollback-proposed' : 'deploy']}
        </span>
      </div>
    </form>
  );
};

const DoneOutside = () => {
  const { ui } = useRoom();
  return (
    <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'outside' } })}>
      It was rolled back outside…
    </button>
  );
};

/** Nothing is under way: what would be done, and the question why. */
export const Propose = ({ plan, purpose }: { readonly plan: RollbackPlan; readonly purpose: Purpose }) => {
  const { operates } = useRoom();
  const lock = useRun(({ rollbacks }) => rollbacks.lock);
  const outside = useRun(({ rollbacks }) => rollbacks.outside);
  const steps = useRun(
    ({ context }) => context.target.rollback?.plan !== undefined || (context.target.rollback?.steps.length ?? 0) > 0,
  );
  const can = purpose === 'deploy' ? plan.hasDeploy : plan.hasRollback;
  if (!can)
    return (
      <div className="rb-empty">
        <h2>{purpose === 'deploy' ? 'This target does not say how to deploy' : 'Nobody has said how to go back'}</h2>
        <p className="muted">
          {purpose === 'deploy'
            ? 'Deploy as your team does and set T-0 by hand, or let the version probe see it.'
            : 'Give the target a plan under "rollback", or write the steps into a fence of the document.'}
        </p>
        {purpose === 'rollback' && operates && <DoneOutside />}
      </div>
    );
  return (
    <div className="rb-start">
      <ProposalForm plan={plan} purpose={purpose} />
      {purpose === 'rollback' && operates && outside === null && (
        <p className="row muted small">
          Went back already, by hand or with another tool? <DoneOutside />
        </p>
      )}
      {purpose === 'deploy' && lock !== null && <p className="rb-note">Deploying is locked: {lock.reason}</p>}
      {purpose === 'rollback' && plan.written.length > 0 && <Written steps={plan.written} used={!steps} />}
    </div>
  );
};
