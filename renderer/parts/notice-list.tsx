import { useApp } from '../app-context.ts';
import { useStore } from '../store.ts';
import { Glyph } from './glyph.tsx';
import './notice-list.css';

/** What was refused or just happened, at the foot of the window. */
export const NoticeList = () => {
  const { notices } = useApp();
  const list = useStore(notices.list, (value) => value);
  if (list.length === 0) return null;
  return (
    <section className="notices" aria-label="Notices">
      <ul>
        {list.map((notice) => (
          <li key={notice.id} data-tone={notice.tone}>
            <Glyph name={notice.tone === 'fail' ? 'fail' : 'note'} />
            <span role={notice.tone === 'fail' ? 'alert' : 'status'}>{notice.text}</span>
            <button className="quiet" aria-label="Dismiss" onClick={() => notices.dismiss(notice.id)}>
              <svg className="glyph" viewBox="0 0 24 24" aria-hidden="true">
                <path d="M5 5l14 14M19 5 5 19" />
              </svg>
            </button>
          </li>
        ))}
      </ul>
    </section>
  );
};

/** Where changes are spoken: two regions that are always there, filled at most once in 5 s. */
export const LiveRegions = () => {
  const { announcer } = useApp();
  const { urgent, text } = useStore(announcer.spoken, (value) => value);
  return (
    <>
      <div className="sr" role="status">
        {urgent ? '' : text}
      </div>
      <div className="sr" role="alert">
        {urgent ? text : ''}
      </div>
    </>
  );
};
