/**
 * Whether the app serves other pages by now than the one that is open: what is built anew has other names, for they carry
 * a hash of the content. False where nobody answers.
 */
export const isOutdated = async (): Promise<boolean> => {
  const own = document.querySelector<HTMLScriptElement>('script[type="module"][src]');
  if (own === null) return false;
  const answer = await fetch(own.src, {
    method: 'HEAD',
    cache: 'no-store',
    signal: AbortSignal.timeout(1_500),
  }).catch(() => null);
  return answer?.status === 404;
};
