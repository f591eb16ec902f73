import { gridsOf } from '../../../shared/sheet/grid.ts';
import type { SheetAsked, SheetData, SheetKind } from '../../../shared/sheet/model.ts';
import { sheetPayload } from '../../../shared/sheet/payload.ts';
import { readSource } from '../../../shared/runbook/source.ts';
import { itemsOf } from '../../../shared/runbook/walk.ts';
import { checklistRows } from './checklist-rows.tsx';
import type { Row } from './flow.ts';
import { noMarks } from './marks.ts';
import type { PageHead } from './page-frame.tsx';
import { codeColumns } from './paper.ts';
import type { SheetScope } from './scope.ts';

const formats = new Map<string, Intl.DateTimeFormat>();

const formatIn = (zone: string, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat => {
  const key = `${zone} ${JSON.stringify(options)}`;
  const format = formats.get(key) ?? new Intl.DateTimeFormat('sv-SE', { timeZone: zone, ...options });
  formats.set(key, format);
  return format;
};

const moment = { year: 'numeric', month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit' } as const;

export const kindWords: Readonly<Record<SheetKind, string>> = {
  checklist: 'Checklist',
  record: 'Run record',
  'sign-off': 'Sign-off sheet',
  rollback: 'Rollback card',
  contacts: 'Contacts card',
};

const scopeOf = ({ data, paper }: SheetAsked & { readonly data: SheetData }): SheetScope => {
  const { runbook, text } = data.document;
  const { lines } = readSource(text);
  const numbers = new Map(itemsOf(runbook).map((item, at) => [item.id, at + 1]));
  return {
    data,
    paper,
    marks: noMarks,
    columns: codeColumns(paper),
    grids: gridsOf(runbook),
    number: (id) => numbers.get(id) ?? 0,
    line: (at) => lines[at - 1] ?? '',
    time: (at) => formatIn(data.zone, moment).format(at),
    clock: (at) => formatIn(data.zone, { hour: '2-digit', minute: '2-digit' }).format(at),
    t0: null,
  };
};

const shortHash = (hash: string): string => hash.slice(0, 16).replaceAll(/(.{4})(?=.)/gu, '$1 ');

const headOf = (asked: SheetAsked & { readonly data: SheetData }, scope: SheetScope): PageHead => {
  const { data, sheet } = asked;
  const { document, run, target } = data;
  const system = document.runbook.meta.find(({ key }) => /^(?:system|service|application|project)$/iu.test(key))?.value;
  const about = [target?.service ?? system, target?.environment];
  return {
    title: document.runbook.title === '' ? document.name : document.runbook.title,
    about: about.filter((part) => part !== undefined && part !== '').join(' · '),
    kind: kindWords[sheet],
    ids:
      run === null
        ? [`document ${shortHash(document.sha256)}`, 'no run: to fill in by hand']
        : [`run ${run.id}`, `audit head ${run.head.seq} · ${shortHash(run.head.hash)}`],
    payload: sheetPayload(sheet, data),
    printed: scope.time(data.at),
    zone: data.zone,
  };
};

/** A sheet ready to be laid out: its rows, and what stands on every page. */
export const sheetOf = (
  asked: SheetAsked & { readonly data: SheetData },
): { readonly rows: readonly Row[]; readonly head: PageHead } => {
  const scope = scopeOf(asked);
  return { rows: checklistRows(scope), head: headOf(asked, scope) };
};
