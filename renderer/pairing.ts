const howTo = 'Open the address that War Room printed when it started; it carries a code that works once.';

/** The code is taken out of the address before anything else happens, so that it is never copied or kept with it. */
const takeCode = (): string | null => {
  const code = /^#pair=([\w-]+)$/.exec(location.hash)?.[1] ?? null;
  if (code !== null) history.replaceState(null, '', location.pathname + location.search);
  return code;
};

/** Exchanges the code of the address for a cookie. Null: paired, or there was no code; else a sentence for the person. */
export const pairOnce = async (): Promise<string | null> => {
  const code = takeCode();
  if (code === null) return null;
  const answer = await fetch('/api/pair', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ code }),
  }).catch(() => null);
  if (answer === null || answer.ok) return null;
  if (answer.status === 429) return 'Too many wrong codes. Wait a minute, then open the printed address again.';
  // A used code is no harm where the cookie of its first use is still good: the socket decides.
  return null;
};

/** After a socket was refused: whether the app is there and this browser is not paired with it. Null while it can't be told. */
export const whyRefused = async (): Promise<string | null> => {
  const answer = await fetch('/api/session', {
    cache: 'no-store',
    signal: AbortSignal.timeout(1_500),
  }).catch(() => null);
  return answer?.status === 401 || answer?.status === 403 ? `This browser is not paired with War Room. ${howTo}` : null;
};
