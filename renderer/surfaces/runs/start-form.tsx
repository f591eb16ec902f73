import { useCallback, useId, useState } from 'react';
import type { Client, RunSummary, Source } from '../../../shared/contract.ts';
import type { RunbookPreview, TargetPreview } from '../../../shared/document-views.ts';
import { formatCount } from '../../../shared/format.ts';
import { useApp } from '../../app-context.ts';
import type { Choice } from '../../app-context.ts';
import { keep } from '../../look.ts';
import { sentenceOf } from '../../refusal.ts';
import type { Drafts } from '../details/details-fields.tsx';
import { StartDetails, givenIn } from '../details/start-details.tsx';
import { goToRun, goToSheet, goToTarget } from '../../route.ts';
import { RunbookCard, TargetCard, usable } from './previews.tsx';
import { SourceField } from './source-field.tsx';
import { useBundled, useChoice, useOpenFile } from './use-choice.ts';
import type { Bundled } from './use-choice.ts';
import { usePreview } from './use-preview.ts';
import type { Preview } from './use-preview.ts';

const nameOf = (source: Source | null): string | null =>
  source === null ? null : 'bundled' in source ? source.bundled : 'name' in source ? source.name : source.path;

const ready = <T,>(preview: Preview<T>): preview is Extract<Preview<T>, { kind: 'known' }> => preview.kind === 'known';

type Start = Parameters<Client['runs']['start']>[0];

const useStart = () => {
  const { connection, notices } = useApp();
  const [busy, setBusy] = useState(false);
  const start = (choice: Choice, rest: Pick<Start, 'release' | 'plannedT0' | 'inferred' | 'details'>): void => {
    if (choice.runbook === null || choice.target === null) return;
    setBusy(true);
    keep('last-runbook', nameOf(choice.runbook) ?? '');
    keep('last-target', nameOf(choice.target) ?? '');
    connection.client.runs.start({ runbook: choice.runbook, target: choice.target, ...rest }).then(
      ({ runId }) => goToRun(runId),
      (error: unknown) => {
        notices.say(sentenceOf(error), 'fail');
        setBusy(false);
      },
    );
  };
  return { busy, start };
};

const Documents = ({
  bundled,
  choice,
  choose,
  runbook,
  target,
}: {
  readonly bundled: Bundled;
  readonly choice: Choice;
  readonly choose: (part: Partial<Choice>) => void;
  readonly runbook: Preview<RunbookPreview>;
  readonly target: Preview<TargetPreview>;
}) => {
  const open = useOpenFile(choose);
  return (
    <>
      <SourceField
        label="Checklist"
        accept=".md,.markdown,.txt,text/markdown"
        known={bundled.runbooks}
        source={choice.runbook}
        choose={(source) => choose({ runbook: source })}
        open={open('runbook')}
      />
      <RunbookCard preview={runbook} />
      <div className="row">
        <button type="button" onClick={() => goToTarget(null)}>
          Read it line by line
        </button>
        <button type="button" onClick={() => goToSheet(null, 'checklist')}>
          Print it to fill in by hand
        </button>
      </div>
      <SourceField
        label="Target"
        accept=".yaml,.yml"
        known={bundled.targets}
        source={choice.target}
        choose={(source) => choose({ target: source })}
        open={open('target')}
      />
      <TargetCard preview={target} />
    </>
  );
};

const usePreviews = (choice: Choice) => {
  const { client } = useApp().connection;
  return {
    runbook: usePreview(
      choice.runbook,
      useCallback((source: Source) => client.documents.runbook({ source }), [client]),
    ),
    target: usePreview(
      choice.target,
      useCallback((source: Source) => client.documents.target({ source }), [client]),
    ),
  };
};

/** Steps without a task box count as items unless a person switches them off. */
const Inferred = ({
  preview,
  on,
  turn,
}: {
  readonly preview: RunbookPreview;
  readonly on: boolean;
  readonly turn: (on: boolean) => void;
}) =>
  preview.inferred === 0 ? null : (
    <label className="row inferred">
      <input type="checkbox" checked={on} onChange={(event) => turn(event.target.checked)} />
      Count {formatCount(preview.inferred, 'step')} without a task box as {preview.inferred === 1 ? 'an item' : 'items'}
    </label>
  );

/** The zone of this machine, in which the field is read: "Europe/Berlin". */
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;

const Planned = ({ value, change }: { readonly value: string; readonly change: (value: string) => void }) => {
  const id = useId();
  return (
    <div className="field">
      <label htmlFor={id} title={`In the zone of this machine: ${zone}`}>
        Planned T-0 <span className="muted">(optional, {zone})</span>
      </label>
      <input id={id} type="datetime-local" value={value} onChange={(event) => change(event.target.value)} />
    </div>
  );
};

/** A checklist, a target and a release make a run; what is in them is shown before it starts. */
export const StartForm = ({ last }: { readonly last: RunSummary | null }) => {
  const id = useId();
  const bundled = useBundled();
  const { choice, choose } = useChoice(bundled);
  const [release, setRelease] = useState('');
  const [planned, setPlanned] = useState('');
  const [inferred, setInferred] = useState(true);
  const [drafts, setDrafts] = useState<Drafts>({});
  const { busy, start } = useStart();
  const { runbook, target } = usePreviews(choice);
  const can = ready(runbook) && ready(target) && usable(target.value) && release.trim() !== '' && !busy;
  return (
    <section className="start panel" aria-labelledby={`${id}-title`}>
      <h2 id={`${id}-title`}>Start a run</h2>
      {bundled === null ? (
        <div className="skeleton" />
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            const at = new Date(planned).getTime();
            const plannedT0 = Number.isNaN(at) ? null : at;
            if (can) start(choice, { release: release.trim(), plannedT0, inferred, details: givenIn(drafts) });
          }}
        >
          <Documents bundled={bundled} choice={choice} choose={choose} runbook={runbook} target={target} />
          {ready(runbook) && <Inferred preview={runbook.value} on={inferred} turn={setInferred} />}
          <div className="start-pair">
            <div className="field">
              <label htmlFor={`${id}-release`}>Release</label>
              <input
                id={`${id}-release`}
                value={release}
                maxLength={80}
                placeholder={last === null ? '2.15.0' : `last: ${last.release}`}
                onChange={(event) => setRelease(event.target.value)}
              />
            </div>
            <Planned value={planned} change={setPlanned} />
          </div>
          <StartDetails
            drafts={drafts}
            change={setDrafts}
            release={release}
            repository={ready(target) ? target.value.repository : null}
          />
          <p className="start-wants small muted" id={`${id}-wants`}>
            {release.trim() === '' &&
              ready(runbook) &&
              ready(target) &&
              'Give the release, such as a version or a commit.'}
          </p>
          <button className="primary large" disabled={!can} aria-describedby={`${id}-wants`}>
            {busy
              ? 'Starting…'
              : ready(target) && target.value.environment === 'production'
                ? 'Start the run in production'
                : 'Start the run'}
          </button>
        </form>
      )}
    </section>
  );
};
