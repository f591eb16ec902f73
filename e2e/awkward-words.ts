/** What shells, options, terminals, templates and file names fall for. */
const traps = [
  ...['', ' ', '  two  spaces ', '\t', '\n', 'a\nb', '\r\n', '$HOME', '${HOME}', '$(id)', '`id`', ';', '&&', '||', '|'],
  ...['>', '<', '>>x', "'", '"', '\\', '\\\\', "'; rm -rf / #", '"; id; "', '*', '?', '[a-z]', '~', '!', '!!', '#'],
  ...['-', '--', '-rf', '--help', '-e', '--context=other', '%s', '%n', '\u0001', '\u001B[2J', '\u007F', 'é', '中文'],
  ...['🚀', '\u202E', '\u200B', 'a=b', '=', '&', '()', '{}', '{a,b}', '^', '@', '${release}', '{{release}}', '../../x'],
  'a'.repeat(10_000),
];

/** More than 200 values that a run may hold; none of them may ever be anything but one argument, byte for byte. */
export const awkwardWords: readonly string[] = traps.flatMap((text) => [text, `x${text}`, `${text}y`, `k=${text}`]);
