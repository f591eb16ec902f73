import type { Problem } from '../../shared/runbook/model.ts';
import { Glyph } from './glyph.tsx';
import type { GlyphName } from './glyph.tsx';
import './problems.css';

const glyphs: Readonly<Record<Problem['severity'], GlyphName>> = { error: 'fail', warning: 'warn', note: 'note' };
const order: readonly Problem['severity'][] = ['error', 'warning', 'note'];

/** Twenty health checks written the same way are one remark at twenty lines, not twenty to read. */
const remarksOf = (problems: readonly Problem[]): readonly (readonly Problem[])[] => [
  ...Map.groupBy(
    problems.toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.line - b.line),
    ({ severity, code, message }) => `${severity} ${code} ${message}`,
  ).values(),
];

/** What was found in a document, the gravest first, each at its lines and with the correct form where there is one. */
export const Problems = ({ problems }: { readonly problems: readonly Problem[] }) => (
  <ul className="problems">
    {remarksOf(problems).map((places) => {
      const [{ severity, code, message, line }] = places as readonly [Problem, ...Problem[]];
      return (
        <li key={`${line} ${code} ${message}`}>
          <Glyph name={glyphs[severity]} label={severity} />
          <span>
            {message}
            {places.map((place) => (
              <span className="problem-place" key={`${place.line} ${place.column}`}>
                <span className="mono faint">line {place.line}</span>
                {place.fix !== null && <code className="problem-fix">{place.fix}</code>}
              </span>
            ))}
          </span>
        </li>
      );
    })}
  </ul>
);
