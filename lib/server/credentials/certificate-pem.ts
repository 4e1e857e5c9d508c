// Server-only. A client certificate and its key, as somebody pasted them.
import { createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { err, ok, type Result } from '#lib/core/result.ts';

const BLOCK = /-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g;

/** The key in one form, and when the certificate ends. */
export type ReadCertificate = { readonly key: string; readonly endsAtMs: number };

/**
 * Reads a certificate with its key. Refuses a key that is not the certificate's, one that needs a passphrase, and a
 * certificate that cannot be read or is not valid now. The sentence quotes nothing of the key.
 */
export function readCertificate(pem: string, keyPem: string, nowMs: number): Result<ReadCertificate, string> {
  const leaf = leafOf(pem);
  if (leaf === null) return err('The certificate cannot be read.');
  const key: KeyObject | null = parse(() => createPrivateKey(keyPem));
  if (key === null) return err('The private key cannot be read: PEM without a passphrase is needed.');
  if (!leaf.checkPrivateKey(key)) return err('The private key is not that of the certificate.');
  if (leaf.validFromDate.getTime() > nowMs) return err('The certificate is not valid yet.');
  const endsAtMs = leaf.validToDate.getTime();
  if (!(nowMs < endsAtMs)) return err('The certificate has ended.');
  return ok({ key: key.export({ type: 'pkcs8', format: 'pem' }).toString(), endsAtMs });
}

/** When a certificate that was read before ends. Throws on what is none: it was judged when it was stored. */
export function certificateEnd(pem: string): Date {
  const leaf = leafOf(pem);
  if (leaf === null) throw new Error('A stored certificate cannot be read.');
  return leaf.validToDate;
}

function leafOf(pem: string): X509Certificate | null {
  const [first] = pem.match(BLOCK) ?? [];
  return first === undefined ? null : parse(() => new X509Certificate(first));
}

/** The parser's own words are dropped: they may quote what was pasted. */
function parse<T>(read: () => T): T | null {
  try {
    return read();
  } catch {
    return null;
  }
}
