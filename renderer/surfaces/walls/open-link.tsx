import { useState } from 'react';
import { mostHours } from '../../../shared/lan/contract.ts';
import type { LanMode, LanState } from '../../../shared/lan/contract.ts';
import type { Lan } from './use-lan.ts';

const hours = [1, 4, 8, mostHours] as const;

const modes: readonly { readonly mode: LanMode; readonly title: string; readonly words: string }[] = [
  {
    mode: 'tls',
    title: 'Encrypted',
    words:
      'With a certificate made on the spot. The screen warns once, because nobody else vouches for it: compare the fingerprint, then go on.',
  },
  {
    mode: 'plain',
    title: 'Not encrypted',
    words:
      'For screens that refuse such a certificate. Everybody on the network can read along: names, sentences and typed values are left out.',
  },
];

/** The one switch. Off is where it stands until somebody turns it. */
export const OpenLink = ({
  addresses,
  ask,
}: {
  readonly addresses: LanState['addresses'];
  readonly ask: Lan['ask'];
}) => {
  const [mode, setMode] = useState<LanMode>('tls');
  const [address, setAddress] = useState(addresses[0]?.address ?? '');
  const [lasts, setLasts] = useState<number>(hours[1]);
  const [busy, setBusy] = useState(false);
  const open = async (): Promise<void> => {
    setBusy(true);
    await ask((lan) => lan.open({ mode, address, hours: lasts }));
    setBusy(false);
  };
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        void open();
      }}
    >
      <p className="hint">Off: no screen of the network reaches this desk. Screens that are let in can only watch.</p>
      <fieldset className="walls-modes">
        <legend className="sr">How it is carried</legend>
        {modes.map(({ mode: own, title, words }) => (
          <div key={own} className="walls-mode">
            <label htmlFor={`walls-${own}`}>
              <input
                type="radio"
                id={`walls-${own}`}
                name="mode"
                aria-describedby={`walls-${own}-words`}
                checked={mode === own}
                onChange={() => setMode(own)}
              />
              {title}
            </label>
            <small id={`walls-${own}-words`}>{words}</small>
          </div>
        ))}
      </fieldset>
      <div className="row">
        <label htmlFor="walls-address">Address</label>
        <select id="walls-address" value={address} onChange={(event) => setAddress(event.target.value)}>
          {addresses.map((own) => (
            <option key={own.address} value={own.address}>
              {own.label}
            </option>
          ))}
        </select>
        <label htmlFor="walls-hours">For at most</label>
        <select id="walls-hours" value={lasts} onChange={(event) => setLasts(Number(event.target.value))}>
          {hours.map((each) => (
            <option key={each} value={each}>
              {each} h
            </option>
          ))}
        </select>
      </div>
      <div className="foot">
        <span className="hint grow">It ends with the last open run in any case.</span>
        <button className="primary" disabled={busy || address === ''}>
          Switch the link on
        </button>
      </div>
    </form>
  );
};
