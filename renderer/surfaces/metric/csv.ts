type Cell = string | number;

/**
 * A word that a spreadsheet would take for a formula gets an apostrophe before it, as OWASP advises; a number is a
 * number, also with a minus.
 */
const shown = (cell: Cell): string => {
  if (typeof cell === 'number') return String(cell);
  const text = /^[=+\-@\t\r\n]/u.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
};

/** Rows as RFC 4180 has them. */
export const toCsv = (rows: readonly (readonly Cell[])[]): string =>
  rows.map((row) => `${row.map(shown).join(',')}\r\n`).join('');
