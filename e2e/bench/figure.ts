/** One measured figure. `against` is what it was measured beside in the same run, or the limit to keep; null where there is neither. */
export type Figure = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly against: number | null;
  readonly ratio: number | null;
};

export const figure = (name: string, value: number, unit: string, against: number | null): Figure => ({
  name,
  value,
  unit,
  against,
  ratio: against === null ? null : value / against,
});
