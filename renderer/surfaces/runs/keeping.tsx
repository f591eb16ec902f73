import { useState } from 'react';
import { bundleEnding } from '../../../shared/audit/contract.ts';
import type { Hit, Verified } from '../../../shared/audit/contract.ts';
import type { RunSummary } from '../../../shared/contract.ts';
import { useApp } from '../../app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { ReasonForm } from '../../parts/reason-form.tsx';
import { saveBytes } from '../../parts/save-file.ts';
import { sentenceOf } from '../../refusal.ts';
import { goToPast, goToRun } from '../../route.ts';
import { dayTime } from '../../words.ts';
import { firstPaper } from '../sheet/first-paper.ts';
import { localZone } from '../sheet/use-sheet.ts';

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> =>
  Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));

const base64Of = async (file: File): Promise<string> => {
  const bytes = new Uint8Array(await file.arrayBuffer());
  let text = '';
  // In pieces: the arguments of one call are limited.
  for (let at = 0; at < bytes.length; at += 32_768) text += String.fromCharCode(...bytes.subarray(at, at + 32_768));
  return btoa(text);
};

/** What can be done with a run that is over: handed on, or removed; one of another desk can be forgotten. */
export const useKeeping = () => {
  const { connection, notices } = useApp();
  const { audit } = connection.client;
  const said = <T,>(asked: Promise<T>, done: (answer: T) => void): Promise<boolean> =>
    asked.then(
      (answer) => (done(answer), true),
      (error: unknown) => (notices.say(sentenceOf(error), 'fail'), false),
    );
  return {
    bundle: (run: RunSummary) =>
      said(audit.bundle({ runId: run.id, paper: firstPaper(), zone: localZone() }), ({ name, base64, remark }) => {
        saveBytes(name, bytesOf(base64), 'application/zip');
        if (remark !== null) notices.say(remark);
      }),
    take: async (file: File) => said(audit.import({ base64: await base64Of(file) }), ({ runId }) => goToRun(runId)),
    forget: (run: RunSummary) => said(audit.forget({ runId: run.id }), () => notices.say('Forgotten on this desk')),
    remove: (run: RunSummary, release: string, reason: string) =>
      said(audit.remove({ runId: run.id, release, reason }), () => notices.say('Removed; the history says so')),
  };
};

export const RemoveDialog = ({ run, onClose }: { readonly run: RunSummary; readonly onClose: () => void }) => {
  const { remove } = useKeeping();
  const [release, setRelease] = useState('');
  return (
    <Dialog
      title={`Remove ${run.service} ${run.release}?`}
      lead="Every word and number of this run goes, for good, and from the backups too. What stays is that it was, and why it went."
      onClose={onClose}
    >
      <ReasonForm
        label="Why does it go?"
        action="Remove this run"
        onCancel={onClose}
        onSend={(reason) => remove(run, release, reason)}
      >
        <div className="field">
          <label htmlFor="remove-release">Type its release, {run.release}</label>
          <input id="remove-release" value={release} onChange={(event) => setRelease(event.target.value)} />
        </div>
      </ReasonForm>
    </Dialog>
  );
};

const Found = ({ hits, onClose }: { readonly hits: readonly Hit[]; readonly onClose: () => void }) => (
  <Dialog title={hits.length === 0 ? 'Nothing found' : `Found ${hits.length}`} width="wide" onClose={onClose}>
    {hits.length === 0 && <p className="muted">No note, reason, value or item of any run says that.</p>}
    <ul className="found">
      {hits.map((hit, at) => (
        <li key={at}>
          <button
            className="plain history-open"
            onClick={() => (hit.seq === null ? goToRun(hit.runId) : goToPast(hit.runId, hit.seq))}
          >
            {hit.run}
          </button>{' '}
          <span className="muted small">
            {hit.kind}, {dayTime(hit.at)}
          </span>
          <p>{hit.text}</p>
        </li>
      ))}
    </ul>
  </Dialog>
);

const VerifyDialog = ({ onClose }: { readonly onClose: () => void }) => {
  const { connection } = useApp();
  const [head, setHead] = useState('');
  const [state, setState] = useState<Verified | 'walking' | null>(null);
  const walk = (): void => {
    setState('walking');
    connection.client.audit
      .verify({ heads: head.trim() === '' ? [] : [head] })
      .then(setState, (error: unknown) => setState({ ok: false, seq: 0, sentence: sentenceOf(error) }));
  };
  return (
    <Dialog
      title="Verify the history"
      lead="Walks every entry of this desk and names the first that somebody changed. A head from a printed sheet shows that the end is the one that was printed."
      onClose={onClose}
    >
      <form
        onSubmit={(event) => {
          event.preventDefault();
          walk();
        }}
      >
        <div className="field">
          <label htmlFor="verify-head">Head from a sheet (optional)</label>
          <input
            id="verify-head"
            value={head}
            placeholder="412:9f2c…"
            onChange={(event) => setHead(event.target.value)}
          />
        </div>
        {state !== null && state !== 'walking' && (
          <p className="row history-verified" role="status">
            <Glyph name={state.ok ? 'ok' : 'fail'} />
            <span>
              {state.sentence}
              {state.ok && (
                <>
                  {' '}
                  Head <code className="wrap">{`${state.head.seq}:${state.head.hash}`}</code>
                </>
              )}
            </span>
          </p>
        )}
        <div className="foot">
          <button className="primary" disabled={state === 'walking'}>
            {state === 'walking' ? 'Walking…' : 'Verify'}
          </button>
        </div>
      </form>
    </Dialog>
  );
};

/** Over the history: words to find, a bundle to take in, and the proof that nothing was changed. */
export const HistoryTools = () => {
  const { connection, notices } = useApp();
  const { take } = useKeeping();
  const [words, setWords] = useState('');
  const [hits, setHits] = useState<readonly Hit[] | null>(null);
  const [verifying, setVerifying] = useState(false);
  const find = (): void =>
    void connection.client.audit
      .search({ words })
      .then(setHits, (error: unknown) => notices.say(sentenceOf(error), 'fail'));
  return (
    <div className="history-tools">
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          if (words.trim().length > 1) find();
        }}
      >
        <input
          type="search"
          value={words}
          aria-label="Find in notes, reasons and items of all runs"
          placeholder="Find in all runs"
          onChange={(event) => setWords(event.target.value)}
        />
        <button>Find</button>
      </form>
      <span className="grow" />
      <label className="button">
        Open a bundle…
        <input
          type="file"
          className="sr"
          accept={bundleEnding}
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file !== undefined) void take(file);
            event.target.value = '';
          }}
        />
      </label>
      <button onClick={() => setVerifying(true)}>Verify…</button>
      {hits !== null && <Found hits={hits} onClose={() => setHits(null)} />}
      {verifying && <VerifyDialog onClose={() => setVerifying(false)} />}
    </div>
  );
};
