import { memo } from 'react';
import { runsOf } from './flow.ts';
import type { Frame, Row, Run } from './flow.ts';

const Columns = ({ frame }: { readonly frame: Frame }) =>
  frame.columns === undefined ? null : (
    <colgroup>
      {frame.columns.map((width, at) => (
        <col key={at} style={width === null ? {} : { width: `${width}mm` }} />
      ))}
    </colgroup>
  );

/** What a page is laid out by, for whoever reads heights from the rows, and for a browser that lays pages out by itself. */
const traits = ({ key, keep, newPage }: Row) => ({
  'data-row': key,
  'data-keep': keep === true || undefined,
  'data-new-page': newPage === true || undefined,
});

const Piece = ({ run: { frame, rows } }: { readonly run: Run }) => {
  if (frame === null)
    return rows.map((row) => (
      <div key={row.key} {...traits(row)} className={`paper-row ${row.className ?? ''}`}>
        {row.body}
      </div>
    ));
  if (frame.kind === 'list')
    return (
      <ul className={frame.className} aria-label={frame.label}>
        {rows.map((row) => (
          <li key={row.key} {...traits(row)} className={`paper-row ${row.className ?? ''}`}>
            {row.body}
          </li>
        ))}
      </ul>
    );
  return (
    <table className={frame.className} aria-label={frame.label}>
      <Columns frame={frame} />
      <thead data-head={frame.id}>{frame.head}</thead>
      <tbody>
        {rows.map((row) => (
          <tr key={row.key} {...traits(row)} className={row.className}>
            {row.body}
          </tr>
        ))}
      </tbody>
    </table>
  );
};

/** Rows in the lists and tables that they stand in. */
export const Pieces = memo(({ rows }: { readonly rows: readonly Row[] }) =>
  runsOf(rows).map((run) => <Piece key={run.rows[0]?.key} run={run} />),
);
