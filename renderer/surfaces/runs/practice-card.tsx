import { useState } from 'react';
import { useApp } from '../../app-context.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { sentenceOf } from '../../refusal.ts';
import { goToRun } from '../../route.ts';

const steps: readonly { readonly glyph: GlyphName; readonly title: string; readonly words: string }[] = [
  {
    glyph: 'ok',
    title: 'Some items answer themselves',
    words: 'A probe or a metric turns them green, with value, limit and age. Nobody can tick them.',
  },
  { glyph: 'open', title: 'Others are yours', words: 'Tick with Space, fill in values, leave notes. J and K move.' },
  {
    glyph: 'clock',
    title: 'The release goes live',
    words: 'Half a minute in, T-0 sets itself when the new version answers.',
  },
  { glyph: 'fail', title: 'Break it', words: 'Switch a fault on at the right and see how soon the room notices.' },
];

const Steps = () => (
  <ul className="first-steps">
    {steps.map(({ glyph, title, words }) => (
      <li key={title}>
        <Glyph name={glyph} />
        <b>{title}</b>
        <span>{words}</span>
      </li>
    ))}
  </ul>
);

/** The one obvious first step: the whole room, on a service that the app brings along. */
export const PracticeCard = ({ first }: { readonly first: boolean }) => {
  const { connection, notices } = useApp();
  const [busy, setBusy] = useState(false);
  const start = (): void => {
    setBusy(true);
    connection.client.runs.practice().then(
      ({ runId }) => goToRun(runId),
      (error: unknown) => {
        notices.say(sentenceOf(error), 'fail');
        setBusy(false);
      },
    );
  };
  return (
    <section className="practice-card" data-first={first}>
      <div>
        <h2>{first ? 'Start with a practice run' : 'Practice run'}</h2>
        <p>
          {first
            ? 'The whole room, live: a deployment of 138 items against a service that runs on this machine. Nothing outside is touched, and you can end it at any time.'
            : 'The bundled checklist against a service on this machine. Nothing outside is touched.'}
        </p>
      </div>
      <button className={first ? 'primary large' : ''} disabled={busy} onClick={start}>
        {busy ? 'Starting…' : 'Practice run'}
      </button>
      {first && <Steps />}
    </section>
  );
};
