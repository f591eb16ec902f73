import { renderToStaticMarkup } from 'react-dom/server';
import type { SheetJob } from '../shared/sheet/model.ts';
import base from './base.css?inline';
import glyph from './parts/glyph.css?inline';
import { facesFor } from './surfaces/sheet/faces.ts';
import { Flowing } from './surfaces/sheet/flowing.tsx';
import flowing from './surfaces/sheet/flowing.css?inline';
import forms from './surfaces/sheet/forms.css?inline';
import paper from './surfaces/sheet/paper.css?inline';
import rowStyles from './surfaces/sheet/rows.css?inline';
import { sheetOf } from './surfaces/sheet/sheet-rows.ts';

/** Nothing is loaded and nothing runs, whoever opens it and wherever it lies. */
const policy = "default-src 'none'; style-src 'unsafe-inline'; font-src data:; img-src data:";

/**
 * A sheet as one HTML file that needs nothing beside it: styles and fonts are within, there is no script, and a browser
 * prints it on the pages that the app would. For machines on which nothing makes a PDF.
 */
export const sheetFile = (job: SheetJob): string => {
  const { rows, head } = sheetOf(job);
  const body = renderToStaticMarkup(<Flowing rows={rows} head={head} paper={job.paper} />);
  const styles = [base, glyph, paper, rowStyles, forms, flowing].map((css) => facesFor(css, body)).join('\n');
  const page = renderToStaticMarkup(
    <html lang={head.language} data-theme="light">
      <head>
        <meta charSet="utf-8" />
        <meta httpEquiv="Content-Security-Policy" content={policy} />
        <meta name="viewport" content="width=device-width" />
        <title>{`${head.title} · ${head.kind}`}</title>
        <style dangerouslySetInnerHTML={{ __html: styles }} />
      </head>
      <body dangerouslySetInnerHTML={{ __html: body }} />
    </html>,
  );
  return `<!doctype html>\n${page}\n`;
};
