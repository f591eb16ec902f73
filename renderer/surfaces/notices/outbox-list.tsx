import type { NoticeView } from '../../../shared/notices/contract.ts';
import { useNow } from '../../now.ts';
import { Age } from '../../parts/age.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { clockTime, span } from '../../words.ts';
import { useRoom } from '../room/room-context.tsx';
import { Exactly } from './draft-card.tsx';
import { glyphOf, stateWords } from './notice-words.ts';

/** Away from the desk nobody here knows when it is tried. */
const Next = ({ dueAt }: { readonly dueAt: number }) => {
  const { link } = useRoom();
  const words = useNow((now) => (dueAt > now ? `, tried again in ${span(dueAt - now)}` : ', tried now'));
  return link === 'live' ? words : null;
};

/** What became of it: the state in a word, its age, and what the other end calls it or why it did not take it. */
const Became = ({ notice }: { readonly notice: NoticeView }) => {
  const { state, attempts, changedAt, dueAt, sentence, receipt, releasedBy, releasedAt } = notice;
  return (
    <p className="outbox-became">
      <b data-state={state}>{stateWords(notice)}</b>{' '}
      <span className="muted">
        <Age at={changedAt} suffix=" ago" />
        {state === 'queued' && dueAt !== null && attempts > 0 && <Next dueAt={dueAt} />}
        {attempts > 1 && `, ${attempts} attempts`}
        {releasedBy !== null && releasedAt !== null && (
          <>
            , released by {releasedBy === 'rule' ? 'a rule of the target' : releasedBy} at {clockTime(releasedAt)}
          </>
        )}
      </span>
      {sentence !== '' && <span className="outbox-sentence">{sentence}</span>}
      {receipt !== null && <span className="muted mono small">Receipt {receipt}</span>}
    </p>
  );
};

const again: Partial<Record<NoticeView['state'], string>> = {
  failed: 'Send again',
  'not-sent': 'Send again',
  queued: 'Try now',
  // Where the other end keeps no key it may arrive twice: the button says so.
  unknown: 'Send again, maybe twice',
};

const Row = ({ notice }: { readonly notice: NoticeView }) => {
  const { actions, signedIn } = useRoom();
  const { state, attempts, once } = notice;
  const words =
    state === 'queued' && attempts === 0 ? undefined : state === 'unknown' && once ? again.failed : again[state];
  return (
    <li className="outbox-row" data-state={notice.state}>
      <Glyph name={glyphOf(notice)} label={stateWords(notice)} />
      <div>
        <p>
          <span className="notice-channel">{notice.channel}</span> {notice.message.title}
        </p>
        <Became notice={notice} />
        <Exactly notice={notice} words />
      </div>
      {signedIn && words !== undefined && (
        <button onClick={() => void actions.sendNotices([notice.key])}>
          {words}
          <span className="sr">: {notice.message.title}</span>
        </button>
      )}
    </li>
  );
};

/** Everything that was sent off or discarded, the newest first. */
export const OutboxList = ({ notices }: { readonly notices: readonly NoticeView[] }) =>
  notices.length === 0 ? (
    <p className="muted">Nothing was sent in this run yet.</p>
  ) : (
    <ul className="outbox">
      {notices.map((notice) => (
        <Row key={notice.key} notice={notice} />
      ))}
    </ul>
  );
