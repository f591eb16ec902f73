import type { Command, Span } from '../../../shared/runbook/model.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { useRun } from './room-context.tsx';
import './command-box.css';

/** What the lint says of the lines of a command, with the correct form to copy. */
const Problems = ({ lines }: { readonly lines: Span }) => {
  const problems = useRun(({ context }) => context.problems);
  const here = problems.filter(({ line }) => line >= lines.line && line <= lines.endLine);
  return here.map((problem) => (
    <div key={`${problem.line} ${problem.code}`} className="command-problem" data-severity={problem.severity}>
      <p>
        <b>Line {problem.line}.</b> {problem.message}
      </p>
      {problem.fix !== null && (
        <div className="command-line">
          <pre tabIndex={0}>{problem.fix}</pre>
          <CopyButton text={problem.fix} />
        </div>
      )}
    </div>
  ));
};

/** A command as it is written, step by step, to be copied; what is wrong with it stands beside it. */
export const CommandBox = ({ command }: { readonly command: Command }) => {
  const several = command.steps.length > 1;
  const steps = several ? command.steps : [{ title: '', ordinal: null, command: command.text, span: command.span }];
  return (
    <div className="command">
      {steps.map((step, at) => (
        <div key={at} className="command-step">
          {step.title !== '' && (
            <p className="command-title">{step.ordinal === null ? step.title : `${step.ordinal}. ${step.title}`}</p>
          )}
          <div className="command-line">
            <pre tabIndex={0}>{step.command}</pre>
            <CopyButton text={step.command} />
          </div>
          <Problems lines={several ? step.span : command.span} />
        </div>
      ))}
    </div>
  );
};
