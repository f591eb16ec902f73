import { useEffect, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import { sentenceOf } from '../../refusal.ts';

export type Preview<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'refused'; readonly sentence: string };

const keyOf = (source: Source | null): string => (source === null ? '' : JSON.stringify(source));

/** What is in a document, asked anew whenever another one is chosen. */
export const usePreview = <T>(source: Source | null, ask: (source: Source) => Promise<T>): Preview<T> => {
  const [preview, setPreview] = useState<Preview<T>>({ kind: 'none' });
  const key = keyOf(source);
  useEffect(() => {
    if (source === null) return;
    let current = true;
    setPreview({ kind: 'loading' });
    ask(source).then(
      (value) => current && setPreview({ kind: 'known', value }),
      (error: unknown) => current && setPreview({ kind: 'refused', sentence: sentenceOf(error) }),
    );
    return () => {
      current = false;
    };
    // The key stands for the source; `ask` only differs by identity.
  }, [key]);
  return preview;
};
