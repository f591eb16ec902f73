/** Why arguments can't be used: parseArgs says in its first sentence which one it does not know; the rest explains "--". */
export const argumentFault = (cause: unknown): string =>
  cause instanceof Error ? `${cause.message.split('. ')[0] ?? ''}.` : String(cause);
