import { useState } from 'react';
import type { ReactNode } from 'react';
import { formatCount } from '../../../shared/format.ts';
import { useNow } from '../../now.ts';
import { pairWith } from '../../pairing.ts';
import { Glyph } from '../../parts/glyph.tsx';
import type { GlyphName } from '../../parts/glyph.tsx';
import { clockTime, span } from '../../words.ts';
import { Heartbeat, TClock, environmentWords } from './wall-head.tsx';
import type { WallShown, WallState } from './wall-state.ts';
import { callOf } from './words.ts';
import './messages.css';

type MessageProps = {
  readonly kind: string;
  readonly glyph: GlyphName;
  readonly title: string;
  readonly children?: ReactNode;
};

/** One thing said across the whole wall. */
const Message = ({ kind, glyph, title, children }: MessageProps) => (
  <main className="wall-message" data-kind={kind}>
    <Glyph name={glyph} />
    <h1>{title}</h1>
    {children}
    <Heartbeat />
  </main>
);

export const Opening = () => (
  <Message kind="opening" glyph="running" title="Opening the wall">
    <p>Asking the desk what is under way.</p>
  </Message>
);

export const NoRun = () => (
  <Message kind="none" glyph="waived" title="No run is open">
    <p>The next one appears here by itself when it is started at the desk.</p>
  </Message>
);

const refusals = {
  wrong: 'That is not the code, or it was used before.',
  locked: 'Too many wrong codes from this screen. Wait a minute, then type the one the desk shows.',
  full: 'Eight screens watch already. Somebody at the desk has to let one go first.',
  away: 'The desk does not answer.',
} as const;

/** For a screen that nobody let in: the code can be typed with a remote control. */
export const Unpaired = ({ sentence }: { readonly sentence: string }) => {
  const [code, setCode] = useState('');
  const [said, setSaid] = useState('');
  const send = async (): Promise<void> => {
    const outcome = await pairWith(code.trim());
    if (outcome === 'paired') location.reload();
    else setSaid(refusals[outcome]);
  };
  return (
    <Message kind="unpaired" glyph="absent" title="Not paired with the desk">
      <p>{said === '' ? sentence : said}</p>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          void send();
        }}
      >
        <label htmlFor="wall-code">Code shown at the desk</label>
        <input
          id="wall-code"
          autoFocus
          autoComplete="off"
          spellCheck={false}
          maxLength={64}
          value={code}
          onChange={(event) => setCode(event.target.value)}
        />
        <button className="primary" disabled={code.trim() === ''}>
          Pair
        </button>
      </form>
    </Message>
  );
};

const endings = {
  revoked: { title: 'Let go by the desk', words: 'Somebody at the desk has ended the link of this screen.' },
  expired: { title: 'The link has ended', words: 'Its time was over. Nothing on this screen is current any more.' },
} as const;

export const Ended = ({ why }: { readonly why: keyof typeof endings }) => (
  <Message kind={why} glyph="waived" title={endings[why].title}>
    <p>{endings[why].words} To watch again, take a new code from the desk.</p>
    <button onClick={() => location.reload()} autoFocus>
      I have a new code
    </button>
  </Message>
);

const Was = ({ shown }: { readonly shown: WallShown }) => {
  const { head } = shown;
  if (head === null) return null;
  const failing = shown.tiles.filter(({ state }) => state === 'fail').length;
  return (
    <section className="wall-was" aria-label="What was true then">
      <p>
        {head.service} {head.release}, {environmentWords[head.environment].toLowerCase()}
      </p>
      <TClock head={head} frozenAt={shown.at} />
      <p>
        {callOf(head).word} then, {failing} failing, {formatCount(head.alarms.length, 'alarm')}
      </p>
    </section>
  );
};

/** The whole page says that it is old, and what it knew last: nothing of it can be taken for now. */
export const Stale = ({ state: { shown, kind, sentence, unsteady } }: { readonly state: WallState }) => {
  const gone = useNow((now) => (shown === null ? '' : span(now - shown.at)));
  return (
    <Message kind="stale" glyph="stale" title="STALE">
      <p className="wall-stale-age">
        {unsteady ? (
          'The desk is heard only now and then'
        ) : (
          <>
            Nothing from the desk for <b>{gone}</b>
          </>
        )}
      </p>
      <p>
        {kind === 'refused'
          ? sentence
          : unsteady
            ? 'Back once it is heard without a gap.'
            : 'It is tried again by itself.'}
        {shown !== null && ` What follows was true at ${clockTime(shown.at)}.`}
      </p>
      {shown !== null && <Was shown={shown} />}
    </Message>
  );
};
