import type { WrittenStep } from '../../../shared/rollback/document.ts';
import { Glyph } from '../../parts/glyph.tsx';

const Step = ({ step, at }: { readonly step: WrittenStep; readonly at: number }) => {
  const worst = step.refusal !== null ? 'fail' : step.problems.length > 0 ? 'warn' : 'ok';
  return (
    <li data-tone={worst}>
      <Glyph name={worst} />
      <p>
        {at + 1} · {step.title === '' ? `Line ${step.line}` : step.title}{' '}
        <span className="muted mono">line {step.line}</span>
      </p>
      <pre>{step.text}</pre>
      {step.problems.map((problem) => (
        <div key={`${problem.code}-${problem.line}`} className="rb-remark">
          <span>{problem.message}</span>
          {problem.fix !== null && <pre>{problem.fix}</pre>}
        </div>
      ))}
    </li>
  );
};

/** The plan as the document writes it, and beside each line what would go wrong and its correct form. */
export const Written = ({ steps, used }: { readonly steps: readonly WrittenStep[]; readonly used: boolean }) => (
  <section className="rb-written" aria-labelledby="rb-written-title">
    <h2 id="rb-written-title">As the document writes it</h2>
    <p className="muted">
      {used
        ? 'The target says nothing about going back, so that this is the plan. A line that is marked cannot run.'
        : 'The plan of the target is used instead. It is frozen with its exact arguments when you propose.'}
    </p>
    <ol className="rb-steps">
      {steps.map((step, at) => (
        <Step key={step.line} step={step} at={at} />
      ))}
    </ol>
  </section>
);
