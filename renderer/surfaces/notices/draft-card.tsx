import { useId, useState } from 'react';
import type { NoticeView } from '../../../shared/notices/contract.ts';
import { Age } from '../../parts/age.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { DialogForm } from '../../parts/dialog-form.tsx';
import { Glyph } from '../../parts/glyph.tsx';
import { useRoom } from '../room/room-context.tsx';
import { occasionWords } from './notice-words.ts';
import type { DraftGroup } from './notice-words.ts';

/** Exactly what would leave, for whoever wants to see it. */
export const Exactly = ({ notice, words }: { readonly notice: NoticeView; readonly words: boolean }) => {
  const { preview } = notice;
  return (
    <details className="notice-exactly">
      <summary>{preview.how}</summary>
      {words && <pre className="notice-words">{preview.words}</pre>}
      {preview.body !== null && (
        <>
          <p className="muted small">The request’s body, to the letter; secrets are put in when it is sent:</p>
          <pre className="notice-body" tabIndex={0}>
            {preview.body}
          </pre>
        </>
      )}
    </details>
  );
};

const Edit = ({ drafts, onClose }: { readonly drafts: readonly NoticeView[]; readonly onClose: () => void }) => {
  const { actions } = useRoom();
  const id = useId();
  const [first] = drafts;
  const [title, setTitle] = useState(first?.message.title ?? '');
  const [text, setText] = useState(first?.message.text ?? '');
  return (
    <Dialog
      title="Other words"
      lead="The lines below them, with the run and its audit head, stay as they are."
      onClose={onClose}
    >
      <DialogForm
        action="Keep these words"
        onSend={() => {
          const keys = drafts.map(({ key }) => key);
          void actions.editNotices(keys, title.trim(), text.trim()).then((taken) => taken && onClose());
        }}
        onCancel={onClose}
      >
        <div className="field">
          <label htmlFor={`${id}-title`}>Title</label>
          <input
            id={`${id}-title`}
            value={title}
            maxLength={300}
            required
            onChange={(event) => setTitle(event.target.value)}
          />
        </div>
        <div className="field">
          <label htmlFor={`${id}-text`}>Text</label>
          <textarea
            id={`${id}-text`}
            rows={5}
            value={text}
            maxLength={3_000}
            onChange={(event) => setText(event.target.value)}
          />
        </div>
      </DialogForm>
    </Dialog>
  );
};

const Channel = ({ draft, only }: { readonly draft: NoticeView; readonly only: boolean }) => {
  const { actions, signedIn } = useRoom();
  return (
    <li>
      <span className="notice-channel">{draft.channel}</span>
      <Exactly notice={draft} words={false} />
      {signedIn && !only && (
        <button className="quiet" onClick={() => void actions.sendNotices([draft.key])}>
          Send here only
        </button>
      )}
    </li>
  );
};

const tones = {
  critical: { name: 'fail', label: 'urgent' },
  warning: { name: 'warn', label: 'warning' },
  good: { name: 'note', label: 'notice' },
  info: { name: 'note', label: 'notice' },
} as const;

/** Beyond this the text scrolls in its card, and the keyboard reaches it. */
const long = 500;

/** One thing to tell, and whom: nothing of it leaves before a click. */
export const DraftCard = ({ group }: { readonly group: DraftGroup }) => {
  const { actions, signedIn } = useRoom();
  const [editing, setEditing] = useState(false);
  const { drafts } = group;
  const [first] = drafts;
  if (first === undefined) return null;
  const { message } = first;
  const keys = drafts.map(({ key }) => key);
  return (
    <li className="draft" data-tone={message.tone}>
      <header>
        <Glyph {...tones[message.tone]} />
        <b>{message.title}</b>
        <span className="muted small">
          {occasionWords(message.occasion)}, <Age at={message.at} suffix=" ago" />
        </span>
      </header>
      {message.text !== '' && (
        <p className="notice-text" tabIndex={message.text.length > long ? 0 : undefined}>
          {message.text}
        </p>
      )}
      {message.facts.length > 0 && <p className="notice-facts mono">{message.facts.join('\n')}</p>}
      <ul className="draft-channels" aria-label="Channels">
        {drafts.map((draft) => (
          <Channel key={draft.key} draft={draft} only={drafts.length === 1} />
        ))}
      </ul>
      {signedIn && (
        <div className="row">
          <button className="primary" onClick={() => void actions.sendNotices(keys)}>
            {drafts.length === 1 ? `Send to ${first.channel}` : `Send to all ${drafts.length}`}
          </button>
          <button onClick={() => setEditing(true)}>Other words…</button>
          <button className="quiet" onClick={() => void actions.discardNotices(keys)}>
            Discard
          </button>
        </div>
      )}
      {editing && <Edit drafts={drafts} onClose={() => setEditing(false)} />}
    </li>
  );
};
