import { useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import { formatCount } from '../../../shared/format.ts';
import { describeEvent } from '../../../shared/projections/timeline.ts';
import { papers, sheetKinds } from '../../../shared/sheet/model.ts';
import type { Paper, SheetData, SheetKind } from '../../../shared/sheet/model.ts';
import { useApp } from '../../app-context.ts';
import { saveBytes } from '../../parts/save-file.ts';
import { refusedAs, sentenceOf } from '../../refusal.ts';
import { goToRun, goToRuns, goToSheet } from '../../route.ts';
import { useStore } from '../../store.ts';
import { dayTime } from '../../words.ts';
import { localZone, useNewer } from './use-sheet.ts';

type Props = {
  readonly runId: RunId | null;
  readonly sheet: SheetKind;
  readonly paper: Paper;
  /** The entry up to which the run is shown; null: all of it. */
  readonly seq: number | null;
  readonly data: SheetData | null;
  /** How many pages stand; null before they do. */
  readonly pages: number | null;
  readonly again: () => void;
  readonly setSeq: (seq: number | null) => void;
  readonly setPaper: (paper: Paper) => void;
  /** Begins to type a filled sheet in; null where that can't be. */
  readonly onType: (() => void) | null;
};

const shortWords: Readonly<Record<SheetKind, string>> = {
  checklist: 'Checklist',
  record: 'Record',
  'sign-off': 'Sign-off',
  rollback: 'Rollback',
  contacts: 'Contacts',
};

/** Without a run there is nothing to record, to sign or to call about. */
const kindsFor = (runId: RunId | null): readonly SheetKind[] =>
  runId === null ? ['checklist', 'rollback'] : sheetKinds;

const usePrinting = ({ runId, sheet, paper, seq }: Props) => {
  const { connection, notices } = useApp();
  const [busy, setBusy] = useState(false);
  const desk = useStore(connection.state, (state) => state.kind === 'live' && state.hello.via === 'desk');
  const { client } = connection;
  const say = (error: unknown): void => notices.say(sentenceOf(error), 'fail');
  const print = (): void => {
    if (!desk) return window.print();
    client.shell.print().catch(say);
  };
  const name = `${runId ?? 'checklist'}-${sheet}.pdf`;
  const savePdf = async (): Promise<void> => {
    if (desk) {
      const { path } = await client.shell.savePdf({ name });
      if (path !== null) notices.say(`Saved as ${path}`);
      return;
    }
    if (runId === null) return window.print();
    const { base64 } = await client.sheets.pdf({ runId, seq, zone: localZone(), sheet, paper });
    saveBytes(
      name,
      Uint8Array.from(atob(base64), (sign) => sign.charCodeAt(0)),
      'application/pdf',
    );
  };
  const save = (): void => {
    setBusy(true);
    savePdf()
      .catch((error: unknown) => {
        say(error);
        // Where this machine can't make a file, the browser's own dialog can.
        if (refusedAs(error, 'unavailable')) window.print();
      })
      .finally(() => setBusy(false));
  };
  return { print, save, busy };
};

/** The moments that people ask for afterwards: decisions, verdicts, signatures, the clock. */
const telling = /^(?:t0-|gate-decided|verdict-given|baseline-taken|rollback-confirmed|sign-off-signed|run-closed)/u;

const AsOf = ({ data, seq, setSeq }: Pick<Props, 'data' | 'seq' | 'setSeq'>) => {
  const [all, setAll] = useState(data);
  // A sheet of an earlier moment knows nothing of the later ones: those of the whole run stay in the list.
  if (data !== null && data.run?.newer === 0 && data !== all) setAll(data);
  const moments = (all?.run?.events ?? []).filter(({ type }) => telling.test(type)).slice(-60);
  return (
    <select
      aria-label="As it was at"
      value={seq ?? ''}
      onChange={(event) => setSeq(event.target.value === '' ? null : Number(event.target.value))}
    >
      <option value="">As it is now</option>
      {moments.map((event) => (
        <option key={event.seq} value={event.seq}>
          {dayTime(event.at)} · {describeEvent(event, new Map())?.text ?? event.type}
        </option>
      ))}
    </select>
  );
};

/** Which sheet, on which paper, as of when; and what to do with it. */
export const SheetBar = (props: Props) => {
  const { runId, sheet, paper, seq, data, pages, again, setSeq, setPaper, onType } = props;
  const { print, save, busy } = usePrinting(props);
  const newer = useNewer(seq === null ? runId : null, data);
  return (
    <header className="sheet-bar">
      <button onClick={() => (runId === null ? goToRuns() : goToRun(runId))}>
        {runId === null ? 'All runs' : 'Back to the run'}
      </button>
      <h1 className="sr">Paper</h1>
      <div className="row sheet-kinds" role="group" aria-label="Which sheet">
        {kindsFor(runId).map((kind) => (
          <button key={kind} aria-pressed={kind === sheet} onClick={() => goToSheet(runId, kind)}>
            {shortWords[kind]}
          </button>
        ))}
      </div>
      <select
        aria-label="Paper"
        value={paper}
        onChange={(event) => setPaper(event.target.value === 'Letter' ? 'Letter' : 'A4')}
      >
        {papers.map((each) => (
          <option key={each}>{each}</option>
        ))}
      </select>
      {runId !== null && <AsOf {...{ data, seq, setSeq }} />}
      <span className="muted" role="status">
        {pages !== null ? formatCount(pages, 'page') : data === null ? '' : 'Laying out…'}
      </span>
      {newer > 0 && <button onClick={again}>Show {formatCount(newer, 'newer entry', 'newer entries')}</button>}
      <span className="grow" />
      {onType !== null && <button onClick={onType}>Type paper in</button>}
      <button onClick={save} disabled={pages === null || busy}>
        {busy ? 'Saving…' : 'Save as PDF'}
      </button>
      <button className="primary" onClick={print} disabled={pages === null}>
        Print
      </button>
    </header>
  );
};
