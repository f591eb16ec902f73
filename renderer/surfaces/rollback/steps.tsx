import { useEffect, useRef, useState } from 'react';
import type { Rollback, StepState, StepView } from '../../../shared/projections/rollback.ts';
import { formatSpan } from '../../../shared/format.ts';
import { showArguments } from '../../../shared/rollback/text.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { useNow } from '../../now.ts';
import { StepDecision } from './step-decision.tsx';
import { StepOutput } from './step-output.tsx';

const glyphs: Readonly<Record<StepState, GlyphName>> = {
  waiting: 'pending',
  running: 'running',
  done: 'ok',
  failed: 'fail',
  unknown: 'unknown',
  'not-done': 'waived',
};
const stateWords: Readonly<Record<StepState, string>> = {
  waiting: 'next',
  running: 'running',
  done: 'done',
  failed: 'failed',
  unknown: 'UNKNOWN',
  'not-done': 'not done',
};

const Running = ({ step }: { readonly step: StepView }) =>
  useNow((now) => `${formatSpan(Math.max(0, now - (step.startedAt ?? now)))} of ${formatSpan(step.timeoutMs)}`);

const Took = ({ step }: { readonly step: StepView }) => {
  if (step.state === 'running') return <Running step={step} />;
  if (step.state === 'waiting') return <>at most {formatSpan(step.timeoutMs)}</>;
  return (
    <>
      {stateWords[step.state]}
      {step.tookMs !== null && ` · ${formatSpan(step.tookMs)}`}
    </>
  );
};

const facts = (step: StepView): string =>
  [
    step.effect === null ? null : 'guarded: not started where it would leave no ready pod',
    step.watching ? 'read-only' : null,
    step.attempts > 1 ? `start ${step.attempts}` : null,
  ]
    .filter((fact) => fact !== null)
    .join(' · ');

/** One argument: a script of several lines stands as it is in a frame of its own, everything else quoted where it must be. */
const Argument = ({ part }: { readonly part: string }) =>
  part.includes('\n') ? <code className="rb-lines">{part}</code> : <span>{showArguments([part])} </span>;

/** What comes in beside the arguments, a line each: values as they will be, secrets by their names alone. */
const Environment = ({ step }: { readonly step: StepView }) => {
  const env = Object.entries((step.with['env'] ?? {}) as Readonly<Record<string, string>>);
  return env.length === 0 ? null : (
    <pre className="rb-env" aria-label="Environment">
      {env.map(([name, value]) => (
        <span key={name}>
          {name}=<b>{value === '' ? "''" : showArguments([value])}</b>
        </span>
      ))}
    </pre>
  );
};

/** The exact arguments, each whole, as the process gets them; where there is no process, the words. */
const Exactly = ({ step }: { readonly step: StepView }) =>
  step.argv === null ? (
    <pre>{step.words}</pre>
  ) : (
    <pre className="rb-argv">
      {step.argv.map((part, at) => (
        <Argument key={at} part={part} />
      ))}
    </pre>
  );

const Step = ({
  rollback,
  step,
  next,
}: {
  readonly rollback: Rollback;
  readonly step: StepView;
  readonly next: boolean;
}) => {
  const [open, setOpen] = useState(false);
  const live = step.state === 'running';
  const decided = step.state === 'unknown' || step.state === 'failed';
  const said = step.attempts > 0 && (live || decided || open);
  const place = useRef<HTMLLIElement>(null);
  // What runs, and what waits for a person, is never left out of sight.
  useEffect(() => {
    if (live || decided) place.current?.scrollIntoView({ block: 'nearest' });
  }, [live, decided]);
  return (
    <li ref={place} data-state={step.state} data-next={next} aria-current={live ? 'step' : undefined}>
      <Glyph name={glyphs[step.state]} label={stateWords[step.state]} />
      <p>
        {step.id} · {step.label}
      </p>
      <span className="rb-took mono">
        <Took step={step} />
      </span>
      <Exactly step={step} />
      <Environment step={step} />
      {step.state === 'waiting' && facts(step) !== '' && <span className="rb-facts small muted">{facts(step)}</span>}
      {step.sentence !== '' && <p className="rb-sentence">{step.sentence}</p>}
      {said && <StepOutput key={step.attempts} rollback={rollback.id} step={step} />}
      {step.outputBytes > step.sentence.length + 2 && !live && !decided && (
        <button className="quiet rb-more" aria-expanded={open} onClick={() => setOpen(!open)}>
          {open ? '▾ What it said' : '▸ What it said'}
        </button>
      )}
      <StepDecision rollback={rollback} step={step} />
    </li>
  );
};

/** The plan, frozen: what runs is what stands here. */
export const Steps = ({ rollback }: { readonly rollback: Rollback }) => {
  const next = rollback.steps.find(({ state }) => state === 'waiting')?.id;
  return (
    <ol className="rb-steps" aria-label="Steps">
      {rollback.steps.map((step) => (
        <Step key={step.id} rollback={rollback} step={step} next={step.id === next} />
      ))}
    </ol>
  );
};
