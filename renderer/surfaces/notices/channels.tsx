import { useState } from 'react';
import type { RunId } from '../../../shared/events.ts';
import type { ChannelView } from '../../../shared/notices/contract.ts';
import { useApp } from '../../app-context.ts';
import { Glyph } from '../../parts/glyph.tsx';
import { sentenceOf } from '../../refusal.ts';
import { about } from '../about/about.ts';
import { occasionWords } from './notice-words.ts';
import { desktopPermission } from './use-desktop-notices.ts';
import './notices.css';

type Tested = { readonly sent: boolean; readonly sentence: string };

/** Sends a marked test to one channel, and says beside it what came of it. */
const Test = ({ runId, channel }: { readonly runId: RunId; readonly channel: ChannelView }) => {
  const { connection } = useApp();
  const [tested, setTested] = useState<Tested | 'asking' | null>(null);
  const test = async (): Promise<void> => {
    setTested('asking');
    // A browser asks its person only where one has just clicked.
    if (channel.kind === 'desktop' && desktopPermission() === 'default') await Notification.requestPermission();
    await connection.client.notices.test({ runId, channel: channel.label }).then(setTested, (error: unknown) => {
      setTested({ sent: false, sentence: sentenceOf(error) });
    });
  };
  const result = tested === null || tested === 'asking' ? null : tested;
  return (
    <>
      <span className="channel-tested" role="status" data-sent={result?.sent}>
        {result !== null && <Glyph name={result.sent ? 'done' : 'fail'} />}
        {result?.sentence}
      </span>
      <button disabled={tested === 'asking'} onClick={() => void test()}>
        {tested === 'asking' ? 'Testing…' : 'Test'}
        <span className="sr"> {channel.label}</span>
      </button>
    </>
  );
};

const Row = ({ runId, channel }: { readonly runId: RunId | null; readonly channel: ChannelView }) => {
  const asks = channel.on.filter((occasion) => !channel.auto.includes(occasion));
  return (
    <li className="channel">
      <Glyph name={channel.problem === null ? 'ok' : 'warn'} label={channel.problem === null ? 'ready' : 'not ready'} />
      <div className="channel-words">
        <b>{channel.label}</b> <span className="muted">{channel.summary}</span>
        {channel.auto.length > 0 && (
          <p>
            By itself: <b>{channel.auto.map(occasionWords).join(', ')}</b>
          </p>
        )}
        {asks.length > 0 && <p className="muted">After a click: {asks.map(occasionWords).join(', ')}</p>}
        {channel.problem !== null && (
          <p className="row">
            {channel.problem}
            {channel.problem.startsWith('The secret') && (
              <button className="quiet" onClick={() => about.set('secrets')}>
                Secrets…
              </button>
            )}
          </p>
        )}
      </div>
      {runId !== null && <Test runId={runId} channel={channel} />}
    </li>
  );
};

/** The channels of a target: what each is told of, what goes without a click, and a test of each where `runId` is open. */
export const Channels = ({
  runId,
  channels,
}: {
  readonly runId: RunId | null;
  readonly channels: readonly ChannelView[];
}) =>
  channels.length === 0 ? (
    <p className="muted">
      This target tells nobody. Name channels under “notices” in it: slack, pagerduty, statuspage, webhook or desktop.
    </p>
  ) : (
    <ul className="channels">
      {channels.map((channel) => (
        <Row key={channel.label} runId={runId} channel={channel} />
      ))}
    </ul>
  );
