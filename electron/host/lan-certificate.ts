import 'reflect-metadata';
import { KeyObject, X509Certificate as Parsed, randomBytes, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import {
  BasicConstraintsExtension,
  ExtendedKeyUsage,
  ExtendedKeyUsageExtension,
  KeyUsageFlags,
  KeyUsagesExtension,
  SubjectAlternativeNameExtension,
  X509CertificateGenerator,
} from '@peculiar/x509';

/** As PEM. Nobody but the people in the room vouches for it: they compare the fingerprint. */
export type OwnCertificate = { readonly cert: string; readonly key: string };

const algorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' } as const;
const slackMs = 3_600_000;

/** A certificate for one address, good for as long as the link may last, made anew each time. */
export const makeCertificate = async (address: string, now: number, until: number): Promise<OwnCertificate> => {
  const keys = await webcrypto.subtle.generateKey(algorithm, true, ['sign', 'verify']);
  const certificate = await X509CertificateGenerator.createSelfSigned(
    {
      serialNumber: `01${randomBytes(8).toString('hex')}`,
      name: 'CN=War Room wall',
      // Clocks of televisions are seldom right.
      notBefore: new Date(now - 24 * slackMs),
      notAfter: new Date(until + slackMs),
      signingAlgorithm: algorithm,
      keys,
      extensions: [
        new BasicConstraintsExtension(false, undefined, true),
        new KeyUsagesExtension(KeyUsageFlags.digitalSignature, true),
        new ExtendedKeyUsageExtension([ExtendedKeyUsage.serverAuth]),
        new SubjectAlternativeNameExtension([{ type: isIP(address) === 0 ? 'dns' : 'ip', value: address }]),
      ],
    },
    webcrypto,
  );
  const key = KeyObject.from(keys.privateKey).export({ type: 'pkcs8', format: 'pem' }).toString();
  return { cert: `${certificate.toString('pem')}\n`, key };
};

/** "AB:CD:…": what a browser shows of it under "SHA-256". */
export const fingerprintOf = (cert: string): string => new Parsed(cert).fingerprint256;
