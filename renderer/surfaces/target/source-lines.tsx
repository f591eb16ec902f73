/** Longer lines are cut on the screen: a text on one line of megabytes would stop the page. */
const longest = 2_000;

const shown = (line: string): string =>
  line.length > longest ? `${line.slice(0, longest)}… and ${line.length - longest} more characters` : line;

/** Lines as they stand in the file, with their numbers. Nothing in them is drawn as anything but text. */
export const SourceLines = ({ lines, from }: { readonly lines: readonly string[]; readonly from: number }) => (
  <div className="source-lines">
    {lines.map((line, at) => (
      <div key={at} className="source-line">
        <span className="source-number">{from + at}</span>
        <code>{shown(line)}</code>
      </div>
    ))}
  </div>
);
