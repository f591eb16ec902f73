import { useEffect, useState } from 'react';
import type { Source } from '../../../shared/contract.ts';
import { sentenceOf } from '../../refusal.ts';

export type Preview<T> =
  | { readonly kind: 'none' }
  | { readonly kind: 'loading' }
  | { readonly kind: 'known'; readonly value: T }
  | { readonly kind: 'refused'; readonly sentence: string };

/** What is in a document, asked anew whenever another one is chosen. Both arguments have to keep their identity. */
export const usePreview = <T>(source: Source | null, ask: (source: Source) => Promise<T>): Preview<T> => {
  const [preview, setPreview] = useState<Preview<T>>({ kind: 'none' });
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
  }, [source, ask]);
  return preview;
};
