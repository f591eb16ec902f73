import { wrapCode } from '../../../shared/sheet/wrap.ts';
import type { CodeLine } from '../../../shared/sheet/wrap.ts';
import type { Area, Row } from './flow.ts';

/** Lines that go on a page as one piece. */
const most = 36;

export const CodeLines = ({ lines }: { readonly lines: readonly CodeLine[] }) => (
  <pre className="fence">
    {lines.map(({ text, more }, at) => (
      <code key={at} data-more={more || undefined}>
        {text}
        {'\n'}
      </code>
    ))}
  </pre>
);

/** Commands as they are typed, every sign of them: a line that is too long goes on behind a hook. */
export const fenceRows = (key: string, code: string, columns: number, area: Area): readonly Row[] => {
  const lines = wrapCode(code.replace(/\n$/u, ''), columns);
  const parts = Array.from({ length: Math.ceil(lines.length / most) }, (_, at) =>
    lines.slice(at * most, (at + 1) * most),
  );
  return parts.map((part, at) => ({
    key: `${key}.${at}`,
    area,
    className: 'fence-row',
    body: <CodeLines lines={part} />,
  }));
};
