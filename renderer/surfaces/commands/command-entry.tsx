import type { Effect } from '../../../shared/commands/effects.ts';
import type { ReferenceCommand } from '../../../shared/commands/reference.ts';
import { showArguments } from '../../../shared/rollback/text.ts';
import type { Execution } from '../../../shared/projections/commands.ts';
import { actorName } from '../../../shared/projections/timeline.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { clockTime } from '../../words.ts';
import { useRoom } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { useLast } from './use-commands.ts';
import './commands.css';

const effectWords: Readonly<Record<Effect, string>> = {
  reads: 'read-only',
  changes: 'may change something',
  never: 'never run here',
};

const sourceWords = {
  document: 'As written',
  lint: 'Correct form',
  target: 'What the target runs in its place',
} as const;

const textOf = (command: ReferenceCommand): string =>
  command.source === 'target' && command.how.kind === 'argv' ? showArguments(command.how.argv) : command.text;

/** The state of a run of a command, as shape and word. */
export const executionLook = ({ ended }: Execution): { readonly glyph: GlyphName; readonly word: string } => {
  if (ended === null) return { glyph: 'running', word: 'running' };
  const glyph = ended.outcome === 'done' ? 'ok' : ended.outcome === 'lost' ? 'unknown' : 'fail';
  return { glyph: ended.outcome === 'cancelled' ? 'waived' : glyph, word: ended.outcome.replace('-', ' ') };
};

const Form = ({ command }: { readonly command: ReferenceCommand }) => {
  const { ui, operates } = useRoom();
  const text = textOf(command);
  const [problem] = command.source === 'lint' ? command.problems : [];
  return (
    <div className="cmd-form" data-source={command.source}>
      {command.source !== 'document' && (
        <p className="cmd-why">
          <b>{sourceWords[command.source]}.</b> {problem?.message}
        </p>
      )}
      <div className="command-line">
        <pre tabIndex={0}>{text}</pre>
        <span className="cmd-do">
          {operates && command.refusal === null && (
            <button onClick={() => patch(ui, { dialog: { kind: 'command', id: command.id } })}>Run…</button>
          )}
          <CopyButton text={text} />
        </span>
      </div>
      <p className="cmd-facts">
        <span className="cmd-effect" data-effect={command.effect}>
          {effectWords[command.effect]}
        </span>
        {command.how.kind === 'script' && command.refusal === null && (
          <span>Needs a shell for {command.how.why}: runs as a script of the frozen document.</span>
        )}
        {command.refusal !== null && <span>{command.refusal}</span>}
      </p>
    </div>
  );
};

const Last = ({ execution }: { readonly execution: Execution }) => {
  const { ui } = useRoom();
  const { glyph, word } = executionLook(execution);
  return (
    <p className="cmd-last">
      <Glyph name={glyph} />
      <span>
        <b>{word}</b> {execution.ended?.sentence} {actorName(execution.by)}, {clockTime(execution.at)}
      </span>
      <button className="quiet" onClick={() => patch(ui, { dialog: { kind: 'execution', id: execution.execution } })}>
        Output
      </button>
    </p>
  );
};

/** Findings whose correct form does not stand as a form of its own. */
const Remarks = ({ command }: { readonly command: ReferenceCommand }) =>
  command.problems
    .filter(({ fix }) => fix === null)
    .map((problem) => (
      <p key={problem.code} className="command-problem" data-severity={problem.severity}>
        {problem.message}
      </p>
    ));

/** One command: as written and in its better forms, each to copy or to run, and how it last ended. */
export const CommandEntry = ({ command, titled }: { readonly command: ReferenceCommand; readonly titled: boolean }) => {
  const last = useLast(command);
  return (
    <div className="cmd-entry">
      {titled && command.title !== command.text && <h3>{command.title}</h3>}
      {command.text !== '' && <Form command={command} />}
      {command.text === '' && command.source === 'target' && <Form command={command} />}
      <Remarks command={command} />
      {command.instead.map((form) => (
        <Form key={form.id} command={form} />
      ))}
      {last !== null && <Last execution={last} />}
    </div>
  );
};
