const howTo =
  'Open the address that War Room printed when it started; it carries a code that works once. Was it used? Stop War Room where it runs and start it again: it prints a new one, and open runs go on.';

/** The code is taken out of the address before anything else happens, so that it is never copied or kept with it. */
const takeCode = (): string | null => {
  const parts = new URLSearchParams(location.hash.slice(1));
  const code = parts.get('pair');
  if (code === null) return null;
  parts.delete('pair');
  const rest = parts.size === 0 ? '' : `#${parts.toString()}`;
  history.replaceState(null, '', location.pathname + location.search + rest);
  return code;
};

/**
 * wrong    not a code, or one that was used
 * locked   this screen has tried too many
 * full     the code is right, but as many screens watch as may
 * away     nobody answered
 */
export type Paired = 'paired' | 'wrong' | 'locked' | 'full' | 'away';

const refusals: Readonly<Record<number, Paired>> = { 429: 'locked', 503: 'full' };

/** Exchanges a code for a cookie. */
export const pairWith = async (code: string): Promise<Paired> => {
  const answer = await fetch('/api/pair', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => null);
  if (answer === null) return 'away';
  if (answer.ok) return 'paired';
  return refusals[answer.status] ?? 'wrong';
};

const unpaired: Partial<Readonly<Record<Paired, string>>> = {
  locked: 'Too many wrong codes. Wait a minute, then open the printed address again.',
  full: 'Eight screens watch already. Somebody at the desk has to let one go first.',
};

/** After a socket was refused: whether the app is there and this browser is not paired with it. Null while it can't be told. */
export const whyRefused = async (): Promise<string | null> => {
  const answer = await fetch('/api/session', {
    cache: 'no-store',
    signal: AbortSignal.timeout(1_500),
  }).catch(() => null);
  return answer?.status === 401 || answer?.status === 403 ? `This browser is not paired with War Room. ${howTo}` : null;
};

/** Exchanges the code of the address. Null: paired, or there was no code; else a sentence for the person. */
export const pairOnce = async (): Promise<string | null> => {
  const code = takeCode();
  const sentence = code === null ? undefined : unpaired[await pairWith(code)];
  // A used code is no harm where the cookie of its first use is still good, whatever others have tried meanwhile.
  return sentence === undefined || (await whyRefused()) === null ? null : sentence;
};
