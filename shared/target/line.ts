export type LineOp = '<' | '<=' | '>' | '>=' | '=';

/** One side of a number, in the metric's unit: the side on which all is well. */
export type Line = { readonly op: LineOp; readonly value: number };

const otherSide = { '<': '>=', '<=': '>', '>': '<=', '>=': '<', '=': '=' } as const;

/** The far side of a line: an alert as it is written and shown. */
export const beyond = ({ op, value }: Line): Line => ({ op: otherSide[op], value });
