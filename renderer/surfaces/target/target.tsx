import { useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import type { UnderstoodDocument } from '../../../shared/document-views.ts';
import type { RunId } from '../../../shared/events.ts';
import type { NoticesNow } from '../../../shared/notices/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import { useApp } from '../../app-context.ts';
import type { Choice } from '../../app-context.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { ThemeSwitch } from '../../parts/theme-switch.tsx';
import { goToRun, goToRuns, goToTarget } from '../../route.ts';
import { createStore, useStore } from '../../store.ts';
import { Channels } from '../notices/channels.tsx';
import { useNotices } from '../notices/use-notices.ts';
import { SourceField } from '../runs/source-field.tsx';
import { useBundled, useChoice, useOpenFile } from '../runs/use-choice.ts';
import type { Bundled } from '../runs/use-choice.ts';
import type { Preview } from '../runs/use-preview.ts';
import { BindingsView } from './bindings-view.tsx';
import { BringDialog } from './bring-dialog.tsx';
import { ChecklistView } from './checklist-view.tsx';
import { useDocumentsOf, useUnderstood } from './use-understood.ts';
import './target.css';

type Choose = (part: Partial<Choice>) => void;

const Bar = ({ runId, onPaste }: { readonly runId: RunId | null; readonly onPaste: () => void }) => (
  <header className="target-bar">
    <button onClick={() => (runId === null ? goToRuns() : goToRun(runId))}>
      {runId === null ? 'All runs' : 'Back to the run'}
    </button>
    <h1>{runId === null ? 'Checklist and target' : 'The documents of this run'}</h1>
    <span className="grow" />
    <button onClick={onPaste}>Paste…</button>
    <ThemeSwitch />
  </header>
);

const Sources = ({
  bundled,
  choice,
  choose,
}: {
  readonly bundled: Bundled;
  readonly choice: Choice;
  readonly choose: Choose;
}) => {
  const open = useOpenFile(choose);
  return (
    <div className="target-sources">
      <SourceField
        label="Checklist"
        accept=".md,.markdown,.txt,text/markdown"
        known={bundled.runbooks}
        source={choice.runbook}
        choose={(source) => choose({ runbook: source })}
        open={open('runbook')}
      />
      <SourceField
        label="Target"
        accept=".yaml,.yml"
        known={bundled.targets}
        source={choice.target}
        choose={(source) => choose({ target: source })}
        open={open('target')}
      />
    </div>
  );
};

type View = 'checklist' | 'bindings' | 'channels';

const Summary = ({
  understood,
  view,
  turn,
  ofRun,
}: {
  readonly understood: UnderstoodDocument;
  readonly view: View;
  readonly turn: (view: View) => void;
  readonly ofRun: boolean;
}) => {
  const { runbook, suggestions, sensed } = understood;
  const errors = runbook.problems.filter(({ severity }) => severity === 'error').length;
  return (
    <div className="target-summary">
      <p>
        <b>{runbook.title}</b>{' '}
        <span className="muted">
          {formatCount(runbook.items, 'item')}
          {runbook.inferred > 0 && `, ${runbook.inferred} of them inferred`},{' '}
          {formatCount(runbook.phases.length, 'phase')}, {sensed} answered by machines
        </span>
      </p>
      {errors > 0 && (
        <p className="row">
          <Glyph name="fail" /> {formatCount(errors, 'error')} in the checklist
        </p>
      )}
      <span className="grow" />
      <div className="row" role="group" aria-label="What to look at">
        <button aria-pressed={view === 'checklist'} onClick={() => turn('checklist')}>
          Line by line
        </button>
        <button aria-pressed={view === 'bindings'} onClick={() => turn('bindings')}>
          Bindings and target{suggestions.length > 0 && ` (${suggestions.length} suggested)`}
        </button>
        {ofRun && (
          <button aria-pressed={view === 'channels'} onClick={() => turn('channels')}>
            Channels
          </button>
        )}
      </div>
    </div>
  );
};

/** Whom the target of an open run tells, with a test beside each. */
const ChannelsOf = ({ runId }: { readonly runId: RunId }) => {
  const [store] = useState(() => createStore<NoticesNow | null>(null));
  useNotices(store, runId);
  const now = useStore(store, (value) => value);
  return now === null ? (
    <div className="skeleton" role="status" aria-label="Asking for the channels" />
  ) : (
    <Channels runId={runId} channels={now.channels} />
  );
};

const Body = ({ preview, runId }: { readonly preview: Preview<UnderstoodDocument>; readonly runId: RunId | null }) => {
  const [view, setView] = useState<View>('checklist');
  if (preview.kind === 'refused')
    return (
      <p className="row" role="alert">
        <Glyph name="fail" /> {preview.sentence}
      </p>
    );
  if (preview.kind !== 'known')
    return <div className="skeleton target-skeleton" role="status" aria-label="Reading the document" />;
  return (
    <>
      <Summary understood={preview.value} view={view} turn={setView} ofRun={runId !== null} />
      {view === 'channels' && runId !== null ? (
        <ChannelsOf runId={runId} />
      ) : view === 'checklist' ? (
        <ChecklistView key={preview.value.runbook.sha256} runbook={preview.value.runbook} />
      ) : (
        <BindingsView key={preview.value.target.sha256} understood={preview.value} />
      )}
    </>
  );
};

/** A checklist beside what was understood of it, and a target beside what more it could answer. Nothing is written anywhere. */
export const TargetSurface = ({ runId }: { readonly runId: RunId | null }) => {
  const { connection } = useApp();
  const bundled = useBundled();
  const { choice, choose } = useChoice(bundled);
  const documents = useDocumentsOf(runId);
  const preview = useUnderstood(runId === null ? choice : documents);
  const [pasting, setPasting] = useState(false);
  const desk = useStore(
    connection.state,
    (state) => (state.kind === 'live' || state.kind === 'lost') && state.hello?.via === 'desk',
  );
  const bring = (kind: 'runbook' | 'target', source: Source): void => {
    choose({ [kind]: source });
    setPasting(false);
    goToTarget(null);
  };
  return (
    <div className="target">
      <Bar runId={runId} onPaste={() => setPasting(true)} />
      <main className="target-main">
        {runId === null && bundled !== null && <Sources bundled={bundled} choice={choice} choose={choose} />}
        <Body preview={preview} runId={runId} />
      </main>
      {pasting && <BringDialog paths={desk} onBring={bring} onClose={() => setPasting(false)} />}
    </div>
  );
};
