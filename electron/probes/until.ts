/** The work, or `late()` as soon as the signal aborts; `stop` then frees what the work holds. What it still says is ignored. */
export const untilAbort = <T>(signal: AbortSignal, work: Promise<T>, late: () => T, stop: () => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const onAbort = (): void => {
      try {
        resolve(late());
      } catch (cause) {
        reject(cause);
      }
      stop();
    };
    work.then(
      (value) => {
        signal.removeEventListener('abort', onAbort);
        resolve(value);
      },
      (cause: Error) => {
        signal.removeEventListener('abort', onAbort);
        reject(cause);
      },
    );
    if (signal.aborted) return onAbort();
    signal.addEventListener('abort', onAbort, { once: true });
  });
