import { formatValue } from '../format.ts';

export type LineOp = '<' | '<=' | '>' | '>=' | '=';

/** One side of a number, in the metric's unit: the side on which all is well. */
export type Line = { readonly op: LineOp; readonly value: number };

const otherSide = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '=': '=' } as const;

/** The far side of a line: an alert as it is written and shown. */
export const beyond = ({ op, value }: Line): Line => ({ op: otherSide[op], value });

const signs = { '<': '<', '<=': '≤', '>': '>', '>=': '≥', '=': '=' } as const;

export const signOf = ({ op }: Line): string => signs[op];

/** A line as people read it, with every digit that was written: "≤ 0.5 %". */
export const lineText = (line: Line, unit = ''): string =>
  `${signOf(line)} ${formatValue(line.value, unit, decimalsOf(line.value))}`;

/** The decimals a line was written with, four at most. */
export const decimalsOf = (value: number): number => Math.min(4, (String(value).split('.')[1] ?? '').length);
