import type { Judgement } from '../../../shared/verdict/contract.ts';
import { firstSentence, formatSpan } from '../../../shared/format.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import './advice.css';

type Advised = 'keep' | 'hold' | 'roll-back';

const advice: Readonly<Record<Advised, { readonly glyph: GlyphName; readonly words: string }>> = {
  keep: { glyph: 'ok', words: 'The numbers speak for keeping this release' },
  hold: { glyph: 'warn', words: 'The numbers speak for holding' },
  'roll-back': { glyph: 'fail', words: 'The numbers speak for rolling back' },
};

const none = { glyph: 'little' as const, words: 'Not enough data for a recommendation' };

export const adviceOf = ({ recommendation }: Pick<Judgement, 'recommendation'>) =>
  recommendation === null ? none : advice[recommendation];

/** "hold": the recommendation as one word of a line. */
export const adviceWord = ({ recommendation }: Pick<Judgement, 'recommendation'>): string =>
  recommendation?.replace('-', ' ') ?? 'not enough data';

const lookWords = ({ look, of, leftOutMs }: Judgement): string =>
  `Look ${look} of ${of}. ${leftOutMs > 0 ? `The first ${formatSpan(leftOutMs)} after T-0 are left out as warm-up.` : 'Nothing after T-0 is left out.'}`;

/** "Error rate: 3,551 of 4,742 requests": how much is missing stands at the end of the sentence; else why nothing can be said. */
const missingIn = ({ label, sentence }: Judgement['metrics'][number]): string =>
  `${label}: ${/Missing: (.*?)\. (?:Tested|\d+ s of)/u.exec(sentence)?.[1] ?? sentence.split(`${label}: `).at(-1)}`;

type Props = {
  readonly judgement: Judgement;
  /** How many of the reasons are told here. */
  readonly most: number;
};

/** What the numbers speak for, and why. It recommends; a person decides. */
export const Advice = ({ judgement, most }: Props) => {
  const { glyph, words } = adviceOf(judgement);
  const muted = judgement.metrics.filter(({ state }) => state === 'not-judged').map(({ label }) => label);
  const short = judgement.metrics.filter(({ state }) => state === 'not-enough-data');
  const told = judgement.recommendation === null && short.length > 0 ? short.map(missingIn) : judgement.reasons;
  const reasons = judgement.recommendation === 'keep' ? [] : told;
  const more = Math.max(0, reasons.length - most);
  return (
    <section className="advice" data-advice={judgement.recommendation ?? 'none'} aria-label="Recommendation">
      <h2>
        <Glyph name={glyph} /> {words}
      </h2>
      {reasons.length > 0 && (
        <ul>
          {reasons.slice(0, most).map((reason) => (
            <li key={reason}>{firstSentence(reason)}</li>
          ))}
        </ul>
      )}
      {muted.length > 0 && (
        <p>
          <Glyph name="absent" /> Muted, so shown and not judged: {muted.join(', ')}.
        </p>
      )}
      <p className="muted">
        {more > 0 && `And ${more} more. `}
        {judgement.recommendation !== null &&
          short.length > 0 &&
          `${short.length} of ${judgement.metrics.length} lack data. `}
        {lookWords(judgement)} A person decides.
      </p>
    </section>
  );
};
