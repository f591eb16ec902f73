import type { Problem } from '../../shared/runbook/model.ts';
import { Glyph } from './glyph.tsx';
import type { GlyphName } from './glyph.tsx';
import './problems.css';

const glyphs: Readonly<Record<Problem['severity'], GlyphName>> = { error: 'fail', warning: 'warn', note: 'note' };
const order: readonly Problem['severity'][] = ['error', 'warning', 'note'];

/** What was found in a document, the gravest first, each at its line and with the correct form where there is one. */
export const Problems = ({ problems }: { readonly problems: readonly Problem[] }) => (
  <ul className="problems">
    {problems
      .toSorted((a, b) => order.indexOf(a.severity) - order.indexOf(b.severity) || a.line - b.line)
      .map((problem) => (
        <li key={`${problem.line} ${problem.column} ${problem.code}`}>
          <Glyph name={glyphs[problem.severity]} label={problem.severity} />
          <span className="mono faint">line {problem.line}</span>
          <span>
            {problem.message}
            {problem.fix !== null && <code className="problem-fix">{problem.fix}</code>}
          </span>
        </li>
      ))}
  </ul>
);
