import { useEffect, useState } from 'react';
import type { ShellState } from '../../../shared/shell/contract.ts';
import { useApp } from '../../app-context.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Markdown } from '../../parts/markdown.tsx';
import { copyText } from '../../parts/copy.ts';
import { sentenceOf } from '../../refusal.ts';
import { useStore } from '../../store.ts';
import { WallsDialog } from '../walls/walls-dialog.tsx';
import { about } from './about.ts';
import { Secrets } from './secrets.tsx';
import './about.css';

const close = (): void => about.set(null);

const Displays = ({
  state,
  choose,
}: {
  readonly state: ShellState;
  readonly choose: (id: number, shown: boolean) => void;
}) => {
  if (state.displays.length === 0)
    return (
      <p className="hint">
        Open <code>/wall</code> of this address on the screen that everybody sees.
      </p>
    );
  return (
    <ul className="about-list">
      {state.displays.map(({ id, label, primary, wall }) => (
        <li key={id}>
          <span>
            {label}
            {primary && <small>this desk</small>}
          </span>
          <button aria-pressed={wall} onClick={() => choose(id, !wall)}>
            {wall ? 'Shows the wall' : 'Show the wall'}
          </button>
        </li>
      ))}
    </ul>
  );
};

const holds = 'Versions, counts and the log. No secret, no value of a target, no word of a checklist.';

const Diagnostics = () => {
  const { connection, notices } = useApp();
  const [text, setText] = useState<string | null>(null);
  const look = (): void =>
    void connection.client.shell.diagnostics().then(
      (answer) => setText(answer.text),
      (error: unknown) => notices.say(sentenceOf(error), 'fail'),
    );
  const copy = async (): Promise<void> => {
    if (text !== null) notices.say((await copyText(text)) ? 'Diagnostics copied' : 'The browser forbids to copy');
  };
  return text === null ? (
    <div className="foot">
      <span className="hint grow">{holds}</span>
      <button onClick={look}>Diagnostics…</button>
    </div>
  ) : (
    <>
      <pre className="scroll about-text" tabIndex={0} aria-label="Diagnostics">
        {text}
      </pre>
      <div className="foot">
        <span className="hint grow">{holds}</span>
        <button className="primary" onClick={() => void copy()}>
          Copy diagnostics
        </button>
      </div>
    </>
  );
};

const useShellState = () => {
  const { connection, notices } = useApp();
  const [state, setState] = useState<ShellState | null>(null);
  useEffect(() => {
    connection.client.shell.state().then(setState, (error: unknown) => notices.say(sentenceOf(error), 'fail'));
  }, [connection, notices]);
  const wall = (display: number, shown: boolean): void =>
    void connection.client.shell
      .wall({ display, shown })
      .then(setState, (error: unknown) => notices.say(sentenceOf(error), 'fail'));
  return { state, wall };
};

const AppSide = () => {
  const { connection } = useApp();
  const { state, wall } = useShellState();
  const version = useStore(connection.state, (link) =>
    link.kind === 'live' || link.kind === 'lost' ? (link.hello?.version ?? '') : '',
  );
  return (
    <Dialog title={`War Room ${version}`} lead="What this app keeps and shows, apart from any run." onClose={close}>
      <section className="stack" aria-labelledby="about-wall">
        <h3 id="about-wall">Wall</h3>
        {state === null ? <div className="skeleton" /> : <Displays state={state} choose={wall} />}
        <div className="foot">
          <button onClick={() => about.set('walls')}>Sound, and screens of the network…</button>
        </div>
      </section>
      <section className="stack" aria-labelledby="about-secrets">
        <h3 id="about-secrets">Secrets</h3>
        <Secrets />
      </section>
      <section className="stack" aria-labelledby="about-diagnostics">
        <h3 id="about-diagnostics">When something is wrong</h3>
        <Diagnostics />
      </section>
    </Dialog>
  );
};

const NewsSide = () => {
  const { connection } = useApp();
  const { state } = useShellState();
  const seen = (): void => {
    connection.client.shell.newsSeen().catch(() => {});
    close();
  };
  return (
    <Dialog title="What is new" onClose={seen}>
      {state === null ? (
        <div className="skeleton" />
      ) : (
        <div className="about-news">
          <Markdown text={state.news ?? 'Nothing has changed since you last looked.'} />
        </div>
      )}
      <div className="foot">
        <button className="primary" onClick={seen}>
          Go on
        </button>
      </div>
    </Dialog>
  );
};

/** The app itself, over whatever is in view: its secrets, its walls, what is new, and what to send when it fails. */
export const About = () => {
  const side = useStore(about, (value) => value);
  if (side === null) return null;
  if (side === 'news') return <NewsSide />;
  if (side === 'app') return <AppSide />;
  if (side === 'walls') return <WallsDialog onClose={close} />;
  return (
    <Dialog title="Secrets" lead="What probes and notices send to prove who they are." onClose={close}>
      <Secrets />
    </Dialog>
  );
};
