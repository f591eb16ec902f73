import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Secrets } from '../secrets.ts';
import { canMount, dropDisks, smallDisk } from '../store/fixtures/small-disk.ts';

/** A keychain with a key that can be changed, taken away, or renewed, as systems do it. */
const keychain = vi.hoisted(() => ({ key: 'one', backend: 'gnome_libsecret', opens: true, renewed: false }));
vi.mock('electron', () => ({
  safeStorage: {
    getSelectedStorageBackend: () => keychain.backend,
    isAsyncEncryptionAvailable: () => Promise.resolve(keychain.opens),
    encryptStringAsync: (text: string) => Promise.resolve(Buffer.from(`${keychain.key}:${btoa(text)}`)),
    decryptStringAsync: (bytes: Buffer) => {
      const [key, text = ''] = bytes.toString().split(':');
      if (key !== keychain.key) return Promise.reject(new Error('Error while decrypting the ciphertext'));
      return Promise.resolve({ result: atob(text), shouldReEncrypt: keychain.renewed });
    },
  },
}));
const { openSecrets } = await import('./secrets.ts');

let dir: string;
let told: string[];
const open = (folder = dir): Promise<Secrets> =>
  openSecrets(folder, { info: () => {}, error: () => {}, tell: (sentence) => told.push(sentence) });
const file = (): string => join(dir, 'secrets.json');
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'war-room-secrets-'));
  told = [];
  Object.assign(keychain, { key: 'one', backend: 'gnome_libsecret', opens: true, renewed: false });
});
afterEach(() => {
  dropDisks();
  rmSync(dir, { recursive: true, force: true });
});

describe('secrets', () => {
  test('are kept sealed for this user alone, come back after a restart, and are forgotten for good', async () => {
    const first = await open();
    await first.keep('TOKEN', 'canary');
    await first.keep('OTHER', 'canary too');
    expect(readFileSync(file(), 'utf8')).not.toContain('canary');
    if (process.platform !== 'win32') expect(statSync(file()).mode & 0o077).toBe(0);
    const second = await open();
    expect([await second.get('TOKEN'), await second.get('NONE'), await second.names()]).toEqual([
      'canary',
      null,
      ['TOKEN', 'OTHER'],
    ]);
    await second.forget('TOKEN');
    expect(await (await open()).get('TOKEN')).toBe(null);
    expect(told).toEqual([]);
  });

  test('that a changed keychain can’t open are not set, said once each, and taken anew', async () => {
    await (await open()).keep('TOKEN', 'canary');
    keychain.key = 'another';
    const secrets = await open();
    for (let n = 0; n < 3; n += 1) expect(await secrets.get('TOKEN')).toBe(null);
    expect(told).toEqual([
      expect.stringMatching(/keychain of this system changed: the secret "TOKEN" .* typed again/u),
    ]);
    await secrets.keep('TOKEN', 'typed again');
    expect(await secrets.get('TOKEN')).toBe('typed again');
    expect(await (await open()).get('TOKEN')).toBe('typed again');
  });

  test('are sealed anew where the system asks for it', async () => {
    await (await open()).keep('TOKEN', 'canary');
    const before = readFileSync(file(), 'utf8');
    Object.assign(keychain, { renewed: true });
    const secrets = await open();
    writeFileSync(file(), '{}');
    expect(await secrets.get('TOKEN')).toBe('canary');
    expect(readFileSync(file(), 'utf8')).toBe(before);
  });

  test.each([
    ['cut', '{"TOKEN": "b25l'],
    ['of another shape', '{"TOKEN": 7}'],
    ['noise', '\u0000\u0000\u0000'],
    ['empty', ''],
  ])('in a file that is %s are lost, which is said, and the bytes are kept', async (_, bytes) => {
    writeFileSync(file(), bytes);
    const secrets = await open();
    expect(await secrets.names()).toEqual([]);
    expect(told).toEqual([expect.stringMatching(/typed again; ".*secrets\.json\.damaged" keeps/u)]);
    expect(readFileSync(`${file()}.damaged`, 'utf8')).toBe(bytes);
    await secrets.keep('TOKEN', 'canary');
    expect(await (await open()).get('TOKEN')).toBe('canary');
  });

  test.runIf(process.platform === 'linux')(
    'stay in memory where Linux has no keychain, or it does not open',
    async () => {
      for (const without of [{ backend: 'basic_text' }, { backend: 'unknown' }, { opens: false }]) {
        Object.assign(keychain, { backend: 'gnome_libsecret', opens: true, ...without });
        const secrets = await open();
        await secrets.keep('TOKEN', 'canary');
        expect(await secrets.get('TOKEN')).toBe('canary');
        expect(await secrets.where()).toMatchObject({
          kept: 'memory',
          sentence: expect.stringMatching(/never on disk/u),
        });
        expect(existsSync(file())).toBe(false);
      }
    },
  );

  test.runIf(canMount)('on a full disk are refused in one sentence, and those that were kept stay', async () => {
    const disk = smallDisk(256);
    const secrets = await open(disk.path);
    await secrets.keep('TOKEN', 'canary');
    disk.fill();
    await expect(secrets.keep('LONG', 'x'.repeat(7_000))).rejects.toThrow(/is full; nothing was written/u);
    await expect(secrets.forget('TOKEN')).rejects.toThrow(/is full/u);
    expect(await secrets.names()).toEqual(['TOKEN']);
    expect(await (await open(disk.path)).get('TOKEN')).toBe('canary');
    disk.free();
    await secrets.keep('LONG', 'x'.repeat(7_000));
    expect(await (await open(disk.path)).names()).toEqual(['TOKEN', 'LONG']);
    expect(told).toEqual([]);
  });
});
