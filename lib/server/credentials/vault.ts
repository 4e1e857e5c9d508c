// Server-only. The vault's one box: a secret under a random key of its own, that key under the master key.
import { randomBytes } from 'node:crypto';
import type { Tx } from '../db/tx.ts';
import type { KeyWrapper } from '../keys/master-key.ts';
import { open, seal } from '../keys/seal.ts';

/** Where a secret lies and what it is for; it opens nowhere else. */
export type SecretPlace = {
  readonly secretId: string;
  readonly credentialId: string;
  readonly version: number;
  readonly serverId: string;
  /** What the server was when the secret was given: another address or command is another server. */
  readonly configHash: string;
};

export type SealedSecret = { readonly sealed: Buffer; readonly keyId: string; readonly wrapped: Buffer };

const KEY_BYTES = 32;

/** Seals a secret for its place. The data key leaves this function wrapped only. */
export async function sealSecret(wrapper: KeyWrapper, place: SecretPlace, secret: string): Promise<SealedSecret> {
  const key = randomBytes(KEY_BYTES);
  try {
    const sealed = seal(key, secret, placeText(place));
    return { sealed, keyId: wrapper.id, wrapped: await wrapper.wrap(key, placeText(place)) };
  } finally {
    key.fill(0);
  }
}

/** Opens what `sealSecret` made. Throws for another place, another master key or a changed byte. */
export async function openSecret(
  wrapper: KeyWrapper,
  place: SecretPlace,
  box: { readonly sealed: Uint8Array; readonly wrapped: Uint8Array },
): Promise<string> {
  const key = await wrapper.unwrap(box.wrapped, placeText(place));
  try {
    return open(key, box.sealed, placeText(place)).toString('utf8');
  } finally {
    key.fill(0);
  }
}

/** Wraps a data key under another master key; the secret itself is not opened. */
export async function rewrapKey(
  from: KeyWrapper,
  to: KeyWrapper,
  place: SecretPlace,
  wrapped: Uint8Array,
): Promise<Buffer> {
  const key = await from.unwrap(wrapped, placeText(place));
  try {
    return await to.wrap(key, placeText(place));
  } finally {
    key.fill(0);
  }
}

function placeText({ secretId, credentialId, version, serverId, configHash }: SecretPlace): string {
  return `credential/v1\n${credentialId}\n${secretId}\n${version}\n${serverId}\n${configHash}`;
}

/** A new version of a credential, as it is stored. */
export type NewVersion = {
  readonly state: 'next' | 'current';
  readonly secret: string;
  readonly publicJwk: Readonly<Record<string, string>> | null;
  /** That of a client certificate's next version. */
  readonly certificate?: string;
};

/** Writes a version into the vault. Assumes the credential's row is locked. */
export async function storeVersion(
  tx: Tx,
  wrapper: KeyWrapper,
  place: SecretPlace,
  { state, secret, publicJwk, certificate }: NewVersion,
): Promise<void> {
  const box = await sealSecret(wrapper, place, secret);
  await tx.credentialSecret.create({
    data: {
      id: place.secretId,
      credentialId: place.credentialId,
      version: place.version,
      state,
      sealed: new Uint8Array(box.sealed),
      ...(publicJwk === null ? {} : { publicJwk }),
      ...(certificate === undefined ? {} : { certificate }),
    },
  });
  await tx.credentialWrap.create({
    data: { secretId: place.secretId, keyId: box.keyId, wrapped: new Uint8Array(box.wrapped) },
  });
}

/** Erases a version: the row says that it was, the bytes and every wrap of their key are gone. */
export async function eraseVersion(tx: Tx, secretId: string): Promise<void> {
  await tx.credentialWrap.deleteMany({ where: { secretId } });
  await tx.credentialSecret.update({
    where: { id: secretId },
    data: { state: 'retired', sealed: null, notAfter: null },
  });
}
