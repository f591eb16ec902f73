import { join } from 'node:path';
import { safeStorage } from 'electron';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { ownSecret, secretsInMemory } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';
import { isThere, moveAside, readAs, sayMended } from '../store/settings.ts';
import { writeWhole } from '../store/whole-file.ts';

const fileSchema = z.record(z.string(), z.string());
type Sealed = Readonly<Record<string, string>>;

/**
 * Ciphertexts by name. What can't be read is set aside: losing it costs typing secrets again, never a run. There is no
 * last good copy of them: it would keep what a person wanted forgotten.
 */
const readSealed = (file: string, log: Log): Sealed => {
  const texts = readAs(file, fileSchema);
  if (texts !== null || !isThere(file)) return texts ?? {};
  const aside = moveAside(file);
  sayMended(`The kept secrets were damaged and have to be typed again; "${aside}" keeps what was there.`, log);
  return {};
};

/**
 * The keychain can be there, refuse, or be none at all: on Linux without one Electron would encrypt with a key that
 * everybody knows, which is worse than saying so.
 */
const keychain = async (): Promise<string | null> => {
  if (process.platform === 'linux' && ['basic_text', 'unknown'].includes(safeStorage.getSelectedStorageBackend()))
    return 'This system offers no keychain, so that secrets are kept until War Room is closed, and never on disk.';
  return (await safeStorage.isAsyncEncryptionAvailable())
    ? null
    : 'The keychain of this system did not open, so that secrets are kept until War Room is closed, and never on disk.';
};

const sealed = (dataDir: string, log: Log): Secrets => {
  const file = join(dataDir, 'secrets.json');
  let texts = readSealed(file, log);
  const write = (next: Sealed): void => {
    writeWhole(file, `${JSON.stringify(next, null, 2)}\n`);
    texts = next;
  };
  /** Said once: a probe asks for its secret every second. */
  const saidLost = new Set<string>();
  const keep = async (name: string, value: string): Promise<void> => {
    const text = (await safeStorage.encryptStringAsync(value)).toString('base64');
    write({ ...texts, [name]: text });
    saidLost.delete(name);
  };
  const lost = (name: string): null => {
    // Nobody typed what the app keeps for itself: whoever needs it makes it anew.
    if (!saidLost.has(name) && !name.startsWith(ownSecret))
      sayMended(
        `The keychain of this system changed: the secret "${name}" can't be opened any more and has to be typed again.`,
        log,
      );
    saidLost.add(name);
    return null;
  };
  return {
    get: async (name) => {
      const text = texts[name];
      if (text === undefined) return null;
      const opened = await safeStorage.decryptStringAsync(Buffer.from(text, 'base64')).catch(() => null);
      // Whoever needs it hears that it is not set, which is what a person can mend.
      if (opened === null) return lost(name);
      if (opened.shouldReEncrypt)
        await keep(name, opened.result).catch((cause: unknown) => log.error('A secret was not sealed anew.', cause));
      return opened.result;
    },
    keep,
    forget: async (name) => {
      if (name in texts) write(Object.fromEntries(Object.entries(texts).filter(([own]) => own !== name)));
    },
    names: async () => Object.keys(texts).filter((name) => !name.startsWith(ownSecret)),
    where: async () => ({ kept: 'keychain', sentence: 'Secrets are kept in the keychain of this system.' }),
  };
};

/** Secrets by the system's keychain, or in memory where it has none. Only once the app is ready. */
export const openSecrets = async (dataDir: string, log: Log): Promise<Secrets> => {
  const none = await keychain();
  return none === null ? sealed(dataDir, log) : secretsInMemory(none);
};
