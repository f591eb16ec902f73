/** A bell for one waiter: rings while nobody waits are kept as one. `rung` resolves to false once the signal aborts. */
export const wakeable = (
  signal: AbortSignal | undefined,
): { readonly ring: () => void; readonly rung: () => Promise<boolean> } => {
  let pending = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    pending = true;
    wake?.();
  };
  signal?.addEventListener('abort', ring, { once: true });
  return {
    ring,
    rung: async () => {
      if (!pending && signal?.aborted !== true) await new Promise<void>((resolve) => (wake = resolve));
      wake = null;
      pending = false;
      return signal?.aborted !== true;
    },
  };
};
