import 'reflect-metadata';
import {
  AuthorityKeyIdentifierExtension,
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  SubjectKeyIdentifierExtension,
  X509CertificateGenerator,
  type Extension,
  type X509Certificate,
} from '@peculiar/x509';
import { KeyObject, randomBytes, webcrypto } from 'node:crypto';

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const dayMs = 86_400_000;

type Signer = { readonly certificate: X509Certificate; readonly keys: webcrypto.CryptoKeyPair };

const newKeys = (): Promise<webcrypto.CryptoKeyPair> =>
  webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);

const issue = async (
  name: string,
  days: { readonly from: number; readonly to: number },
  issuer: Signer | null,
  extensions: readonly Extension[],
): Promise<Signer> => {
  const keys = await newKeys();
  const certificate = await X509CertificateGenerator.create(
    {
      serialNumber: `01${randomBytes(8).toString('hex')}`,
      subject: `CN=${name}`,
      issuer: issuer?.certificate.subject ?? `CN=${name}`,
      notBefore: new Date(Date.now() + days.from * dayMs),
      notAfter: new Date(Date.now() + days.to * dayMs),
      signingAlgorithm: algorithm,
      publicKey: keys.publicKey,
      signingKey: (issuer?.keys ?? keys).privateKey,
      extensions: [
        ...extensions,
        await SubjectKeyIdentifierExtension.create(keys.publicKey, false, webcrypto),
        await AuthorityKeyIdentifierExtension.create((issuer?.keys ?? keys).publicKey, false, webcrypto),
      ],
    },
    webcrypto,
  );
  return { certificate, keys };
};

const authority = (pathLength: number): Extension[] => [
  new BasicConstraintsExtension(true, pathLength, true),
  new KeyUsagesExtension(KeyUsageFlags.keyCertSign | KeyUsageFlags.cRLSign, true),
];

/** What a TLS listener shows: the leaf with its intermediate, and the leaf's key, as PEM. */
export type Shown = { readonly cert: string; readonly key: string };

export type Certificates = {
  /** The root, as PEM: what a client has to trust. Lives only in memory, and its key with it. */
  readonly ca: string;
  /** Ends in 90 days; valid for localhost, 127.0.0.1 and the practice names. */
  readonly good: Shown;
  /** The same names; ended yesterday. */
  readonly expired: Shown;
};

export const practiceNames = ['api.practice.test', 'status.practice.test'] as const;

/** A root, an intermediate and two leaves, made anew in some ten milliseconds: nothing here is worth stealing. */
export const createCertificates = async (): Promise<Certificates> => {
  const root = await issue('War Room practice root', { from: -365, to: 3_650 }, null, authority(1));
  const middle = await issue('War Room practice intermediate', { from: -300, to: 1_825 }, root, authority(0));
  const leaf = async (days: { readonly from: number; readonly to: number }): Promise<Shown> => {
    const { certificate, keys } = await issue(practiceNames[0], days, middle, [
      new BasicConstraintsExtension(false, undefined, true),
      new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
      new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
      new SubjectAlternativeNameExtension([
        ...['localhost', ...practiceNames].map((value) => ({ type: 'dns', value }) as const),
        { type: 'ip', value: '127.0.0.1' },
      ]),
    ]);
    const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
    return { cert: `${certificate.toString('pem')}\n${middle.certificate.toString('pem')}\n`, key };
  };
  return {
    ca: `${root.certificate.toString('pem')}\n`,
    good: await leaf({ from: -10, to: 90 }),
    expired: await leaf({ from: -91, to: -1 }),
  };
};
