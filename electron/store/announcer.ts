/** Hands messages to listeners in the order they came, each once, one message to all before the next. */
export type Announcer<Message> = {
  readonly announce: (message: Message) => void;
  readonly listen: (listener: (message: Message) => void) => () => void;
};

/**
 * What a listener announces while it is called waits its turn, so that nobody hears an answer before its cause. A
 * listener that throws goes to `onFault`, and the others still hear.
 */
export const createAnnouncer = <Message>(onFault: (cause: unknown) => void): Announcer<Message> => {
  const listeners = new Set<(message: Message) => void>();
  const waiting: Message[] = [];
  let busy = false;
  const deliver = (message: Message): void => {
    for (const listener of [...listeners]) {
      if (!listeners.has(listener)) continue;
      try {
        listener(message);
      } catch (cause) {
        onFault(cause);
      }
    }
  };
  return {
    announce: (message) => {
      waiting.push(message);
      if (busy) return;
      busy = true;
      for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) deliver(next);
      busy = false;
    },
    listen: (listener) => {
      // A wrapper of its own, so that the same function listening twice is two listeners.
      const own = (message: Message): void => listener(message);
      listeners.add(own);
      return () => listeners.delete(own);
    },
  };
};
