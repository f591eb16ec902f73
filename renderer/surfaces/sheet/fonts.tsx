import { useEffect, useState } from 'react';
import { Glyph } from '../../parts/glyph.tsx';
import type { Row } from './flow.ts';

const faces = ['400 9pt Inter', '600 9pt Inter', '400 8pt "JetBrains Mono"'];

const longest = 10_000;

const isThere = async (face: string): Promise<boolean> => {
  const late = new Promise<false>((resolve) => setTimeout(() => resolve(false), longest));
  const loaded = document.fonts.load(face).then(
    (found) => found.length > 0,
    () => false,
  );
  return Promise.race([loaded, late]);
};

const familyOf = (face: string): string => face.replace(/^.*pt "?(.*?)"?$/u, '$1');

export type Fonts = { readonly missing: readonly string[]; readonly rows: readonly Row[] };

/** What the paper says of it: the pages are whole, but not quite as they are drawn elsewhere. */
const sayMissing = (missing: readonly string[]): readonly Row[] =>
  missing.length === 0
    ? []
    : [
        {
          key: 'fonts-missing',
          area: 'portrait',
          className: 'paper-prose',
          body: (
            <p>
              <Glyph name="warn" /> {missing.join(' and ')} could not be loaded: this sheet is set in another font of
              this machine. Every word is on it; lines and pages may break elsewhere.
            </p>
          ),
        },
      ];

/** Every font that the sheet asks for is there, or known not to come (10 s at most). Null before. */
export const useFonts = (): Fonts | null => {
  const [fonts, setFonts] = useState<Fonts | null>(null);
  useEffect(() => {
    let gone = false;
    void Promise.all(faces.map(isThere)).then((there) => {
      const missing = [...new Set(faces.filter((_, at) => there[at] === false).map(familyOf))];
      if (!gone) setFonts({ missing, rows: sayMissing(missing) });
    });
    return () => {
      gone = true;
    };
  }, []);
  return fonts;
};
