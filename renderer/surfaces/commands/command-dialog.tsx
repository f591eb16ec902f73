import { useEffect, useId, useRef, useState } from 'react';
import type { CommandOutput, CommandPreview } from '../../../shared/commands/contract.ts';
import { commandById } from '../../../shared/commands/reference.ts';
import type { ReferenceCommand } from '../../../shared/commands/reference.ts';
import { formatBytes, formatSpan } from '../../../shared/format.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { sentenceOf } from '../../refusal.ts';
import { useFollowing } from '../rollback/rollback-scope.ts';
import { useRoom, useRun } from '../room/room-context.tsx';
import { patch } from '../room/room-ui.ts';
import { executionLook } from './command-entry.tsx';
import { useCommandCalls, useReference } from './use-commands.ts';
import './commands.css';

type Look = CommandPreview | { readonly refused: string } | null;

const usePreview = (id: string): Look => {
  const { client, runId } = useCommandCalls();
  const [look, setLook] = useState<Look>(null);
  useEffect(() => {
    let current = true;
    client.look({ runId, command: id }).then(
      (found) => current && setLook(found),
      (error: unknown) => current && setLook({ refused: sentenceOf(error) }),
    );
    return () => {
      current = false;
    };
  }, [client, runId, id]);
  return look;
};

/** Exactly what would run: argument by argument, where, and for how long at most. */
const Resolved = ({ look }: { readonly look: CommandPreview }) => (
  <dl className="cmd-resolved">
    <dt>Runs</dt>
    <dd>
      <ol className="cmd-argv" aria-label="Arguments">
        {look.argv.map((part, at) => (
          <li key={at}>
            <code>{part}</code>
          </li>
        ))}
      </ol>
    </dd>
    <dt>In</dt>
    <dd>
      <code>{look.directory}</code>
    </dd>
    <dt>At most</dt>
    <dd>{formatSpan(look.timeoutMs)}; then it is ended, with all it has started</dd>
    {look.env.length > 0 && (
      <>
        <dt>With</dt>
        <dd>
          <code>{look.env.join(', ')}</code> in its environment
        </dd>
      </>
    )}
    {look.script !== null && (
      <>
        <dt>Script</dt>
        <dd>
          of the frozen document, SHA-256 <code>{look.script.slice(0, 16)}…</code>
        </dd>
      </>
    )}
  </dl>
);

type AskProps = { readonly command: ReferenceCommand; readonly look: CommandPreview; readonly onClose: () => void };

const Ask = ({ command, look, onClose }: AskProps) => {
  const { ui } = useRoom();
  const { client, runId } = useCommandCalls();
  const id = useId();
  const [typed, setTyped] = useState('');
  const [busy, setBusy] = useState(false);
  const [refused, setRefused] = useState('');
  const fits = command.confirm === null || typed.trim() === command.confirm;
  const run = (): void => {
    setBusy(true);
    client.run({ runId, key: look.key, typed: command.confirm === null ? null : typed }).then(
      ({ execution }) => patch(ui, { dialog: { kind: 'execution', id: execution } }),
      (error: unknown) => {
        setRefused(sentenceOf(error));
        setBusy(false);
      },
    );
  };
  return (
    <DialogForm
      action="Run it now"
      disabled={!fits || busy}
      cancel="Leave it"
      onSend={() => {
        if (fits && !busy) run();
      }}
      onCancel={onClose}
    >
      {command.confirm !== null && (
        <div className="field">
          <label htmlFor={id}>
            It may change something. Type <code>{command.confirm}</code> to run it
          </label>
          <input
            id={id}
            className="mono"
            value={typed}
            autoComplete="off"
            autoCapitalize="off"
            spellCheck={false}
            onChange={(event) => setTyped(event.target.value)}
          />
        </div>
      )}
      {refused !== '' && <p role="alert">{refused}</p>}
    </DialogForm>
  );
};

/** Before it runs: what exactly would, and for a changing one its name to be typed. */
export const CommandDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const command = commandById(useReference(), id);
  const look = usePreview(id);
  if (command === null) return null;
  const lead =
    command.effect === 'reads'
      ? 'Read-only: it changes nothing. Its output is kept, masked, as evidence.'
      : 'Its output is kept, masked, as evidence.';
  return (
    <Dialog title={command.title} lead={lead} width="wide" onClose={onClose}>
      {look === null && <div className="skeleton" role="status" aria-label="Looking up what would run" />}
      {look !== null && 'refused' in look && (
        <>
          <p role="alert">{look.refused}</p>
          <div className="foot">
            <CopyButton text={command.text} />
          </div>
        </>
      )}
      {look !== null && !('refused' in look) && (
        <>
          <Resolved look={look} />
          <Ask command={command} look={look} onClose={onClose} />
        </>
      )}
    </Dialog>
  );
};

const nothing: CommandOutput = { size: 0, text: '', cut: false };

/** A command while it runs and afterwards: what it says, how it ended, and what is kept of it. */
export const ExecutionDialog = ({ id, onClose }: { readonly id: string; readonly onClose: () => void }) => {
  const { client, runId } = useCommandCalls();
  const { operates } = useRoom();
  const execution = useRun(({ commands }) => commands.get(id));
  const [output, setOutput] = useState(nothing);
  const [stopping, setStopping] = useState(false);
  const end = useRef<HTMLPreElement>(null);
  useFollowing((signal) => client.output({ runId, execution: id }, { signal }), setOutput, id);
  useEffect(() => {
    end.current?.scrollTo({ top: end.current.scrollHeight });
  }, [output]);
  const look = execution === undefined ? null : executionLook(execution);
  const ended = execution?.ended ?? null;
  const cancel = (): void => {
    setStopping(true);
    client.cancel({ runId, execution: id }).catch(() => setStopping(false)); // It ended by itself meanwhile.
  };
  return (
    <Dialog title={execution?.label ?? 'Command'} width="wide" onClose={onClose}>
      <p className="cmd-last" role="status">
        <Glyph name={look?.glyph ?? 'running'} />
        <b>{look?.word ?? 'starting'}</b>
        <span>{ended?.sentence ?? (stopping ? 'It is asked to end…' : '')}</span>
      </p>
      <pre className="cmd-output scroll" ref={end} tabIndex={0} aria-label="Output">
        {output.cut && <span className="muted">… what came before is left out here{'\n'}</span>}
        {output.text === '' ? (
          <span className="muted">{ended === null ? 'Nothing said yet.' : 'It said nothing.'}</span>
        ) : (
          output.text
        )}
      </pre>
      <p className="muted small">
        {ended === null ? `${formatBytes(output.size)} so far.` : `${formatBytes(ended.outputBytes)}.`}
        {ended?.sha256 != null && (
          <>
            {' '}
            SHA-256 of all it said: <code>{ended.sha256}</code>
          </>
        )}
      </p>
      <div className="foot">
        {ended === null && operates && (
          <button disabled={stopping || execution === undefined} onClick={cancel}>
            Cancel it
          </button>
        )}
        {output.text !== '' && <CopyButton text={output.text} />}
        <button className="primary" onClick={onClose}>
          {ended === null ? 'Leave it running' : 'Done'}
        </button>
      </div>
    </Dialog>
  );
};
