import type { Command } from '../../../shared/runbook/model.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { CommandEntry } from '../commands/command-entry.tsx';
import { useReference } from '../commands/use-commands.ts';
import './command-box.css';

/** A command as it is written, step by step, to be copied or run; what is wrong with it stands beside it. */
export const CommandBox = ({ command }: { readonly command: Command }) => {
  const reference = useReference();
  return (
    <div className="command">
      {command.steps.map((step, at) => {
        const known = reference.find(({ line, text }) => line === step.span.line && text === step.command);
        return (
          <div key={at} className="command-step">
            {step.title !== '' && (
              <p className="command-title">{step.ordinal === null ? step.title : `${step.ordinal}. ${step.title}`}</p>
            )}
            {known === undefined ? (
              <div className="command-line">
                <pre tabIndex={0}>{step.command}</pre>
                <CopyButton text={step.command} />
              </div>
            ) : (
              <CommandEntry command={known} titled={false} />
            )}
          </div>
        );
      })}
    </div>
  );
};
