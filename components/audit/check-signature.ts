import type { CheckSignature } from '#lib/client/witness.ts';

/** A copy in a buffer of its own, which is what WebCrypto takes. */
function owned(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  return new Uint8Array(bytes);
}

/** Ed25519 by WebCrypto; null where the browser has none, as on plain http beyond loopback. */
export const checkSignature: CheckSignature = async (key, message, signature) => {
  const subtle: SubtleCrypto | undefined = globalThis.crypto?.subtle;
  if (subtle === undefined) return null;
  let imported: CryptoKey;
  try {
    imported = await subtle.importKey('raw', owned(key), 'Ed25519', false, ['verify']);
  } catch {
    return null;
  }
  return subtle.verify('Ed25519', imported, owned(signature), owned(message));
};
