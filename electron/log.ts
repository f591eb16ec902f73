/** Where the app's own words go. One line an entry; never secrets, never a target's raw text. */
export type Log = {
  readonly info: (message: string) => void;
  readonly error: (message: string, cause?: unknown) => void;
  /** For the people at the desk too: a loss that was mended without asking them, in one sentence. */
  readonly tell?: (sentence: string) => void;
};

export const stderrLog: Log = {
  info: (message) => process.stderr.write(`${message}\n`),
  error: (message, cause) => process.stderr.write(`${message}${cause instanceof Error ? `: ${cause.message}` : ''}\n`),
};
