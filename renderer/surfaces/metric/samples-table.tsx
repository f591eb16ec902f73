import { useEffect, useState } from 'react';
import type { Point } from '../../../shared/contract.ts';
import { formatCount } from '../../../shared/format.ts';
import type { MetricSpec } from '../../../shared/target/schema.ts';
import { copyText } from '../../parts/copy.ts';
import { useRoom } from '../room/room-context.tsx';
import { toCsv } from './csv.ts';
import type { Range } from './range.ts';

const perPage = 100;
/** What a copy holds at most: a day at one a second, and some more. */
const mostCopied = 100_000;
const pieces = 5_000;

type Rows = readonly Point[] | 'loading' | 'failed';

const stamp = new Intl.DateTimeFormat('en-GB', {
  ...{ day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit', second: '2-digit' },
  fractionalSecondDigits: 3,
});

/** One page before a moment; the pages that lie after it are remembered by their own moments. */
const usePages = (metric: string, { from, to }: Range) => {
  const { actions } = useRoom();
  const [before, setBefore] = useState<readonly number[]>([to + 1]);
  const [rows, setRows] = useState<Rows>('loading');
  const now = before.at(-1) ?? to + 1;
  useEffect(() => {
    let current = true;
    actions.rawSamples(metric, from, now, perPage).then(
      (found) => current && setRows(found),
      () => current && setRows('failed'),
    );
    return () => {
      current = false;
    };
  }, [actions, metric, from, now]);
  const last = typeof rows === 'string' ? undefined : rows.at(-1)?.[0];
  return {
    rows,
    page: before.length,
    newer: before.length > 1 ? () => setBefore(before.slice(0, -1)) : null,
    older:
      typeof rows !== 'string' && rows.length === perPage && last !== undefined
        ? () => setBefore([...before, last])
        : null,
  };
};

const Copy = ({
  metric,
  spec,
  range,
}: {
  readonly metric: string;
  readonly spec: MetricSpec;
  readonly range: Range;
}) => {
  const { actions } = useRoom();
  const [said, setSaid] = useState('');
  const copy = async (): Promise<void> => {
    setSaid('Reading…');
    const all: Point[] = [];
    for (let before = range.to + 1; all.length < mostCopied;) {
      const found = await actions.rawSamples(metric, range.from, before, pieces);
      all.push(...found);
      before = found.at(-1)?.[0] ?? 0;
      if (found.length < pieces) break;
    }
    const head = ['at (UTC)', spec.unit === '' ? spec.label : `${spec.label} (${spec.unit})`];
    const text = toCsv([head, ...all.toReversed().map(([at, value]) => [new Date(at).toISOString(), value])]);
    const done = await copyText(text);
    setSaid(done ? `${formatCount(all.length, 'sample')} copied` : 'Copying is not allowed here');
  };
  return (
    <>
      <span className="muted small" role="status">
        {said}
      </span>
      <button onClick={() => void copy().catch(() => setSaid('They could not be read'))}>Copy as CSV</button>
    </>
  );
};

const Table = ({ rows, spec }: { readonly rows: readonly Point[]; readonly spec: MetricSpec }) => (
  <div className="samples-rows scroll" tabIndex={0} role="region" aria-label="Samples, newest first">
    <table>
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">{spec.unit === '' ? 'Value' : `Value in ${spec.unit}`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(([at, value]) => (
          <tr key={at}>
            <td>
              <time>{stamp.format(at)}</time>
            </td>
            <td>{value.toLocaleString('en-US', { maximumFractionDigits: 6 })}</td>
          </tr>
        ))}
      </tbody>
    </table>
  </div>
);

/** Every sample of a stretch as it was taken, a page at a time. */
export const SamplesTable = ({
  metric,
  spec,
  range,
}: {
  readonly metric: string;
  readonly spec: MetricSpec;
  readonly range: Range;
}) => {
  const { rows, page, newer, older } = usePages(metric, range);
  if (rows === 'loading') return <div className="skeleton" role="status" aria-label="Loading samples" />;
  if (rows === 'failed') return <p className="muted">The samples could not be read. Close this and open it again.</p>;
  if (rows.length === 0)
    return <p className="muted">No samples as taken in this stretch; after 90 days only minutes and hours are kept.</p>;
  return (
    <>
      <Table rows={rows} spec={spec} />
      <div className="row">
        <button disabled={newer === null} onClick={() => newer?.()}>
          Newer
        </button>
        <button disabled={older === null} onClick={() => older?.()}>
          Older
        </button>
        <span className="muted small">page {page}</span>
        <span className="grow" />
        <Copy metric={metric} spec={spec} range={range} />
      </div>
    </>
  );
};
