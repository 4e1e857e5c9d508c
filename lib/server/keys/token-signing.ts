// Server-only. The keys that tokens and receipts are signed with: sealed in the database, opened where something is signed.
import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';
import { z } from 'zod';
import { thumbprintOf } from '#lib/core/identity/public-jwk.ts';
import { type SigningTimes, signingKeyAt } from '#lib/core/identity/signing-schedule.ts';
import type { Keys, PublicJwk } from './load-keys.ts';
import { open, seal } from './seal.ts';

/** A signing key as every process knows it: its public half and its times. */
export type PublicSigningKey = SigningTimes & { readonly jwk: PublicJwk; readonly publicKey: KeyObject };

/** The key to sign with. */
export type SignerKey = { readonly kid: string; readonly privateKey: KeyObject };

/** Gives the key that signs at a moment. */
export type TokenSigner = { at(moment: Date): Promise<SignerKey> };

const publicHalf = z.object({ kty: z.literal('OKP'), crv: z.literal('Ed25519'), x: z.string() });
const privateHalf = publicHalf.extend({ d: z.string() });
/** A stored public half; what is beside the key's own members is not read. */
export const publishedJwkSchema: z.ZodType<PublicJwk> = publicHalf.extend({
  kid: z.string(),
  alg: z.literal('EdDSA'),
  use: z.literal('sig'),
});

/** What a row of `signing_keys` says, before its public half is made a key. */
export type SigningKeyRow = {
  readonly kid: string;
  readonly jwk: PublicJwk;
  readonly signsFromMs: number;
  readonly retiresAtMs: number | null;
};

/** Makes the public half usable. */
export function publicSigningKey(row: SigningKeyRow): PublicSigningKey {
  const { kty, crv, x } = row.jwk;
  return { ...row, publicKey: createPublicKey({ key: { kty, crv, x }, format: 'jwk' }) };
}

/** Seals the private half for its row: it opens under this master key and for this key id only. */
export function sealSigningKey(keys: Pick<Keys, 'masterKey'>, kid: string, privateKey: KeyObject): Buffer {
  return seal(keys.masterKey, JSON.stringify(privateKey.export({ format: 'jwk' })), aadOf(kid));
}

/** A new Ed25519 key. */
export function newSigningKey(): { readonly kid: string; readonly jwk: PublicJwk; readonly privateKey: KeyObject } {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const half = publicHalf.parse(publicKey.export({ format: 'jwk' }));
  const kid = thumbprintOf(half);
  return { kid, jwk: { ...half, kid, alg: 'EdDSA', use: 'sig' }, privateKey };
}

/**
 * Makes the signer. Which key is due is told from the public list; its private half is read and opened once.
 * Falls back to the key file while the list is empty, and only then: once a key took over, a stolen file signs nothing
 * that is believed. Throws when the due key cannot be opened; another one must not stand in for it.
 */
export function createTokenSigner(parts: {
  readonly keys: Pick<Keys, 'masterKey' | 'tokenSigning'>;
  readonly list: () => Promise<readonly SigningTimes[]> | readonly SigningTimes[];
  readonly sealed: (kid: string) => Promise<Uint8Array | null>;
}): TokenSigner {
  const { keys, list, sealed } = parts;
  const opened = new Map<string, KeyObject>();
  return {
    at: async (moment) => {
      const known = await list();
      if (known.length === 0) return keys.tokenSigning;
      const due = signingKeyAt(known, moment.getTime()) ?? oldestOf(known);
      if (due === null) throw new Error('No signing key is in force.');
      const ready = opened.get(due.kid);
      if (ready !== undefined) return { kid: due.kid, privateKey: ready };
      const bytes = await sealed(due.kid);
      if (bytes === null) throw new Error('The signing key in force has no private half.');
      const key = privateHalf.parse(JSON.parse(open(keys.masterKey, bytes, aadOf(due.kid)).toString('utf8')));
      const privateKey = createPrivateKey({ key, format: 'jwk' });
      // Only what may be asked for again: a retired key leaves with the list.
      for (const kid of opened.keys()) if (!known.some((one) => one.kid === kid)) opened.delete(kid);
      opened.set(due.kid, privateKey);
      return { kid: due.kid, privateKey };
    },
  };
}

/** A receipt from before the first key was taken in is signed with that key. */
function oldestOf<K extends SigningTimes>(known: readonly K[]): K | null {
  return known.reduce<K | null>(
    (oldest, key) => (oldest === null || key.signsFromMs < oldest.signsFromMs ? key : oldest),
    null,
  );
}

function aadOf(kid: string): string {
  return `signing-key:${kid}`;
}
