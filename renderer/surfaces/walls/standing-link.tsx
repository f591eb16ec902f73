import { formatCount } from '../../../shared/format.ts';
import type { LanGuesses, LanLinkState, LanViewer } from '../../../shared/lan/contract.ts';
import { useNow } from '../../now.ts';
import { Since } from '../../parts/age.tsx';
import { CopyButton } from '../../parts/copy-button.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { clockMinute, span } from '../../words.ts';
import { QrCode } from './qr-code.tsx';
import type { Lan } from './use-lan.ts';

type Props = { readonly link: LanLinkState; readonly ask: Lan['ask'] };

const Left = ({ until }: { readonly until: number }) => <>{useNow((now) => span(until - now))}</>;

const crowds: Readonly<Record<LanGuesses['crowd'], string>> = {
  none: '',
  slowed: 'Many addresses try wrong codes: each has one try a minute. A screen that types the right one comes in.',
  closed: 'Too many wrong codes from everywhere: none is taken until a minute has passed without so many.',
};

/** Who guesses. One that does is not listened to, and keeps nobody else out. */
const Guesses = ({ guesses: { addresses, crowd } }: { readonly guesses: LanGuesses }) => {
  if (addresses.length === 0 && crowd === 'none') return null;
  return (
    <p className="walls-locked" role="alert">
      <Glyph name="fail" />{' '}
      {crowd === 'none'
        ? `Five wrong codes within a minute from ${addresses.join(', ')}: not listened to until the minute has passed. Other screens can come in.`
        : crowds[crowd]}
    </p>
  );
};

const Code = ({ link, ask }: Props) => {
  const fresh = (): void => void ask((lan) => lan.newCode());
  if (link.code === null)
    return (
      <div className="row">
        <p className="hint grow">The code was used, or its ten minutes are over.</p>
        <button className="primary" onClick={fresh}>
          New code for another screen
        </button>
      </div>
    );
  const { text, ends } = link.code;
  const address = `${link.origin}/wall#pair=${text}`;
  return (
    <div className="walls-code">
      <QrCode text={address} />
      <div className="stack">
        <div>
          <small className="muted">Open on the screen</small>
          <p className="walls-address mono">{link.origin}</p>
        </div>
        <div>
          <small className="muted">
            and type this code, for one screen, <Left until={ends} /> left
          </small>
          <p className="walls-letters">{text}</p>
        </div>
        <div className="row">
          <CopyButton text={address} />
          <button onClick={fresh}>New code</button>
        </div>
      </div>
    </div>
  );
};

const Viewer = ({ viewer, onRevoke }: { readonly viewer: LanViewer; readonly onRevoke: () => void }) => (
  <li>
    <span className="mono">{viewer.address}</span>
    <span className="muted">
      since {clockMinute(viewer.since)}, <Since at={viewer.since} />
    </span>
    <span className="grow">{viewer.watching ? 'watching' : <span className="muted">not connected</span>}</span>
    <button onClick={onRevoke} aria-label={`Let go ${viewer.address}`}>
      Let go
    </button>
  </li>
);

/** The link while it is on: how to come in, who is in, and the way to end it. */
export const StandingLink = ({ link, ask }: Props) => (
  <div className="stack">
    <p className="walls-standing">
      <Glyph name={link.mode === 'tls' ? 'ok' : 'warn'} />
      <b>{link.mode === 'tls' ? 'On, encrypted' : 'On, not encrypted: names are left out'}</b>
      <span className="muted">
        until {clockMinute(link.until)}, <Left until={link.until} /> left
      </span>
      <span className="grow" />
      <button onClick={() => void ask((lan) => lan.close())}>Switch it off</button>
    </p>
    <Guesses guesses={link.guesses} />
    <Code link={link} ask={ask} />
    {link.fingerprint !== null && (
      <div>
        <small className="muted">Fingerprint of the certificate (SHA-256); the screen must show the same</small>
        <p className="walls-fingerprint mono">{link.fingerprint}</p>
      </div>
    )}
    <section aria-labelledby="walls-viewers">
      <h4 id="walls-viewers">{formatCount(link.viewers.length, 'screen')} of at most 8</h4>
      {link.viewers.length === 0 ? (
        <p className="hint">None has come in yet.</p>
      ) : (
        <ul className="walls-viewers">
          {link.viewers.map((viewer) => (
            <Viewer
              key={viewer.id}
              viewer={viewer}
              onRevoke={() => void ask((lan) => lan.revoke({ viewer: viewer.id }))}
            />
          ))}
        </ul>
      )}
    </section>
  </div>
);
