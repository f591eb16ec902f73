import { useState } from 'react';
import { copyText } from './copy.ts';
import './copy-button.css';

/** Copies a text and says whether it could. */
export const CopyButton = ({ text }: { readonly text: string }) => {
  const [done, setDone] = useState<boolean | null>(null);
  return (
    <button className="copy" onClick={() => void copyText(text).then(setDone)} onBlur={() => setDone(null)}>
      {done === null ? 'Copy' : done ? 'Copied' : 'Not allowed'}
    </button>
  );
};
