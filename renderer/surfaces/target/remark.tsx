import type { Problem } from '../../../shared/runbook/model.ts';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';

const glyphs: Readonly<Record<Problem['severity'], GlyphName>> = { error: 'fail', warning: 'warn', note: 'note' };

/** One remark where it belongs: how grave, why, and the correct form to copy. */
export const Remark = ({ problem }: { readonly problem: Problem }) => (
  <div className="remark" data-severity={problem.severity}>
    <p>
      <Glyph name={glyphs[problem.severity]} label={problem.severity} /> <b>Line {problem.line}.</b> {problem.message}
    </p>
    {problem.fix !== null && (
      <div className="remark-fix">
        <pre tabIndex={0} className="scroll">
          {problem.fix}
        </pre>
        <CopyButton text={problem.fix} />
      </div>
    )}
  </div>
);
