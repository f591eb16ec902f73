import { expect, test } from 'vitest';
import { toCsv } from './csv.ts';

test('cells that a spreadsheet would run are words, and numbers stay numbers', () => {
  expect(
    toCsv([
      ['at', '=HYPERLINK("http://x")', '+1', '-2', '@SUM(A1)', '\tx', 'a "b", c'],
      ['2026-01-01T00:00:00.000Z', -1.5, 0, 2, 1e-7, 3, 'plain'],
    ]),
  ).toBe(
    `at,"'=HYPERLINK(""http://x"")",'+1,'-2,'@SUM(A1),'\tx,"a ""b"", c"\r\n2026-01-01T00:00:00.000Z,-1.5,0,2,1e-7,3,plain\r\n`,
  );
});
