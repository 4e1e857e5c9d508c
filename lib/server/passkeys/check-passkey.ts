// Server-only. Whether an assertion was made by a passkey that we know, for us, with the person present and verified.
import { verifyAuthenticationResponse } from '@simplewebauthn/server';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import type { Assertion } from './browser-answer.ts';
import type { RelyingParty } from './relying-party.ts';

export type ProvenPasskey = {
  readonly id: string;
  readonly personId: string;
  readonly personName: string;
  readonly credentialId: string;
  /** COSE. */
  readonly publicKey: Uint8Array<ArrayBuffer>;
  readonly counter: number;
};

type PasskeyRow = {
  id: string;
  person_id: string;
  person_name: string;
  credential_id: string;
  public_key: Uint8Array;
  counter: bigint;
};

/**
 * Checks an assertion against the passkey it names, and moves that passkey's counter.
 *
 * Assumes that the challenge was ours and is used up. Refuses a passkey that is not there, was removed or belongs to
 * somebody disabled; another origin or relying party; missing user verification; a bad signature; a counter that did not
 * grow, which means that the authenticator has a copy (authenticators without a counter always say 0). The row is locked,
 * so that two copies cannot pass side by side.
 */
export async function checkPasskey(
  tx: Tx,
  input: {
    readonly party: RelyingParty;
    readonly assertion: Assertion;
    /** Whose passkey it must be; null = whoever it is, for signing in. */
    readonly personId: string | null;
  },
): Promise<Result<ProvenPasskey, { readonly why: string }>> {
  const { party, assertion, personId } = input;
  const rows = await tx.$queryRaw<PasskeyRow[]>`
    SELECT k.id::text, k.person_id::text, p.name AS person_name, k.credential_id, k.public_key, k.counter
    FROM passkeys k JOIN people p ON p.id = k.person_id
    WHERE k.credential_id = ${assertion.json.id} AND k.revoked_at IS NULL AND p.status = 'active'
      AND (${personId}::uuid IS NULL OR k.person_id = ${personId}::uuid)
    FOR UPDATE OF k`;
  const row = rows[0];
  if (row === undefined) return err({ why: 'unknown passkey' });
  const handle = assertion.json.response.userHandle;
  if (handle !== undefined && handle !== userHandleOf(row.person_id)) return err({ why: 'another person' });
  const publicKey = new Uint8Array(row.public_key);
  const checked = await verify(party, assertion, {
    id: row.credential_id,
    publicKey,
    counter: Number(row.counter),
  });
  if (!checked.ok) return checked;
  await tx.$executeRaw`
    UPDATE passkeys SET counter = ${checked.value}, last_used_at = clock_timestamp() WHERE id = ${row.id}::uuid`;
  return ok({
    id: row.id,
    personId: row.person_id,
    personName: row.person_name,
    credentialId: row.credential_id,
    publicKey,
    counter: checked.value,
  });
}

async function verify(
  party: RelyingParty,
  assertion: Assertion,
  credential: { readonly id: string; readonly publicKey: Uint8Array<ArrayBuffer>; readonly counter: number },
): Promise<Result<number, { readonly why: string }>> {
  try {
    const verified = await verifyAuthenticationResponse({
      response: assertion.json,
      expectedChallenge: assertion.challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      credential,
      requireUserVerification: true,
    });
    return verified.verified ? ok(verified.authenticationInfo.newCounter) : err({ why: 'bad signature' });
  } catch {
    // It throws for everything that is wrong with an assertion, in words that quote what the attacker sent.
    return err({ why: 'not acceptable' });
  }
}

function userHandleOf(personId: string): string {
  return Buffer.from(userHandleBytes(personId)).toString('base64url');
}

/** What an authenticator keeps to say whose passkey it is: the person's id, which tells nothing about them. */
export function userHandleBytes(personId: string): Uint8Array<ArrayBuffer> {
  return new Uint8Array(Buffer.from(personId.replaceAll('-', ''), 'hex'));
}
