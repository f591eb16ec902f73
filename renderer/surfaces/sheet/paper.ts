import type { Paper } from '../../../shared/sheet/model.ts';
import type { Area } from './flow.ts';

/** Sizes of a sheet in mm. The same figures stand in paper.css, where the browser takes them from. */
const sizes: Readonly<Record<Paper, readonly [width: number, height: number]>> = {
  A4: [210, 297],
  Letter: [215.9, 279.4],
};

const margin = { side: 13, top: 9, bottom: 8 };
/** What stands on every page, with the distance to what it frames. */
const headHeight = 21;
const footHeight = 9;
/** Kept free: a printer that sets a line a hair taller than the screen must not lose it. */
const spare = 1.5;

export type Space = { readonly width: number; readonly height: number };

/** The room for rows on one page, in mm. */
export const spaceOn = (paper: Paper, area: Area): Space => {
  const [short, long] = sizes[paper];
  const [width, height] = area === 'portrait' ? [short, long] : [long, short];
  return {
    width: width - 2 * margin.side,
    height: height - margin.top - margin.bottom - headHeight - footHeight - spare,
  };
};

/** CSS px in a mm. */
export const pxPerMm = 96 / 25.4;

/** Signs of the mono font that fit on a line of code as it is set on paper: 7.8 pt, 0.6 em wide, indented by 17 mm. */
export const codeColumns = (paper: Paper): number =>
  Math.floor((spaceOn(paper, 'portrait').width - 17) / ((7.8 * 0.6 * 25.4) / 72));
