import { events } from './001-events.ts';
import { samples } from './002-samples.ts';
import { documents } from './003-documents.ts';
import { oneStart } from './004-one-start.ts';
import { notices } from './005-notices.ts';
import { pictures } from './006-pictures.ts';
import { rollups } from './007-rollups.ts';
import { removed } from './008-removed.ts';
import { maybe } from './009-maybe.ts';

/** In order; a shipped one is never edited. The place in the list is the schema's version. */
export const migrations: readonly string[] = [
  events,
  samples,
  documents,
  oneStart,
  notices,
  pictures,
  rollups,
  removed,
  maybe,
];
