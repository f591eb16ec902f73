import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { writeFileSync } from 'atomically';
import { safeStorage } from 'electron';
import { z } from 'zod';
import type { Log } from '../log.ts';
import { secretsInMemory } from '../secrets.ts';
import type { Secrets } from '../secrets.ts';

const fileSchema = z.record(z.string(), z.string());

/** Ciphertexts by name. What can't be read is set aside: losing it costs typing secrets again, never a run. */
const readFile = (file: string, log: Log): Record<string, string> => {
  if (!existsSync(file)) return {};
  try {
    return fileSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch (cause) {
    writeFileSync(`${file}.damaged`, readFileSync(file), { mode: 0o600 });
    log.error(`"${file}" was damaged and is kept beside it; the secrets have to be typed again.`, cause);
    return {};
  }
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
  const texts = readFile(file, log);
  const write = (): void => writeFileSync(file, `${JSON.stringify(texts, null, 2)}\n`, { mode: 0o600 });
  const seal = async (value: string): Promise<string> =>
    (await safeStorage.encryptStringAsync(value)).toString('base64');
  return {
    get: async (name) => {
      const text = texts[name];
      if (text === undefined) return null;
      try {
        const { result, shouldReEncrypt } = await safeStorage.decryptStringAsync(Buffer.from(text, 'base64'));
        if (shouldReEncrypt) {
          texts[name] = await seal(result);
          write();
        }
        return result;
      } catch (cause) {
        // Whoever needs it hears that it is not set, which is what a person can mend.
        log.error(`The keychain changed: the secret "${name}" can't be opened and has to be typed again.`, cause);
        return null;
      }
    },
    keep: async (name, value) => {
      texts[name] = await seal(value);
      write();
    },
    forget: async (name) => {
      delete texts[name];
      write();
    },
    names: async () => Object.keys(texts),
    where: async () => ({ kept: 'keychain', sentence: 'Secrets are kept in the keychain of this system.' }),
  };
};

/** Secrets by the system's keychain, or in memory where it has none. Only once the app is ready. */
export const openSecrets = async (dataDir: string, log: Log): Promise<Secrets> => {
  const none = await keychain();
  return none === null ? sealed(dataDir, log) : secretsInMemory(none);
};
