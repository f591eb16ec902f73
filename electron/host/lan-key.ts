import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Secrets } from '../secrets.ts';
import { ownSecret } from '../secrets.ts';
import { writeWhole } from '../store/whole-file.ts';

const secretName = `${ownSecret}lan-key`;

/** The private key of the link's certificate, as PEM, for as long as the link stands. */
export type LanKey = {
  readonly keep: (key: string) => Promise<void>;
  /** Null where it is gone: a new certificate has to be made. */
  readonly read: () => Promise<string | null>;
  readonly forget: () => Promise<void>;
};

/**
 * In the system's keychain where there is one. Elsewhere in a file of its own that this user alone can read, so that
 * screens find the certificate they trust after a restart: it opens nothing that does not lie beside it in the clear.
 * Never among the settings, of which copies stay behind.
 */
export const openLanKey = (dataDir: string, secrets: Secrets): LanKey => {
  const file = join(dataDir, 'lan-key.pem');
  const inKeychain = async (): Promise<boolean> => (await secrets.where()).kept === 'keychain';
  const forget = async (): Promise<void> => {
    rmSync(file, { force: true });
    if (await inKeychain()) await secrets.forget(secretName);
  };
  return {
    forget,
    keep: async (key) => {
      await forget();
      await ((await inKeychain()) ? secrets.keep(secretName, key) : writeWhole(file, key));
    },
    read: async () => {
      if (await inKeychain()) return secrets.get(secretName);
      return existsSync(file) ? readFileSync(file, 'utf8') : null;
    },
  };
};
