/** How it is judged, in words: what a reader has to know to defend a verdict. */
export const Method = () => (
  <details className="method">
    <summary>How this is judged</summary>
    <dl>
      <div>
        <dt>Limits</dt>
        <dd>
          Each line is a question about counts, answered by an exact binomial test: how many errors, or how many points
          beyond the line, where so many may be. “Kept” is shown at 95 %.
        </dd>
      </div>
      <div>
        <dt>Change</dt>
        <dd>
          Mann–Whitney U against the baseline with a Hodges–Lehmann shift and its 95 % interval; besides being more than
          chance a change has to reach a tenth of the usual value. The worst twentieth, new heights and a changed spread
          (Ansari–Bradley) are looked at too, where they are to somebody’s harm. Points that resemble their neighbours
          count for less.
        </dd>
      </div>
      <div>
        <dt>Counts</dt>
        <dd>
          Rates, and what a counter counts in a time, by the conditional test of two rates (mid-p), at least a fifth
          apart. Errors that come in bursts count as so many fewer.
        </dd>
      </div>
      <div>
        <dt>Looking often, at many</dt>
        <dd>
          1 % is the chance that a good release is called worse at all: shared over the rounds of the first hour, most
          of it for the first two; half of it for the critical metrics, half for the others; and by Holm’s steps within
          each. A look between two rounds is tested like the round before it.
        </dd>
      </div>
      <div>
        <dt>Recommendation</dt>
        <dd>
          Roll back when a critical metric is bad, or two are, or a critical probe fails for half a minute. Hold when
          one is bad, worse or of another shape. Keep when all are better or similar. Where data is missing and nothing
          is wrong, nothing is recommended. Better or similar is said only where it was shown.
        </dd>
      </div>
    </dl>
  </details>
);
