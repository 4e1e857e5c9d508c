// Server-only. A new passkey of a signed-in person: our options first, then the authenticator's answer.
import { randomUUIDv7 } from 'node:crypto';
import {
  generateRegistrationOptions,
  type PublicKeyCredentialCreationOptionsJSON,
  type RegistrationResponseJSON,
  verifyRegistrationResponse,
} from '@simplewebauthn/server';
import type { Passkeys } from '#lib/contracts/passkeys.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { type AuditActor, auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { type EventKeys, recordEvent } from '../audit/record-event.ts';
import { provenRecently } from '../auth/proven-recently.ts';
import { reauthenticate } from '../auth/reauthenticate.ts';
import { type Tx, withTx } from '../db/tx.ts';
import { readAttestation } from './browser-answer.ts';
import { burnChallenge, CHALLENGE_TTL_S, randomChallenge } from './challenges.ts';
import { userHandleBytes } from './check-passkey.ts';
import { credentialsOf, listPasskeys } from './list-passkeys.ts';
import { type RelyingParty, relyingPartyAt } from './relying-party.ts';
import type { StepUpDeps } from './verify-assertion.ts';

/** Enough for every device of a person; a list without end is a hiding place. */
const MOST_PASSKEYS = 20;
/** EdDSA, ES256, RS256: what authenticators make. */
export const PASSKEY_ALGORITHMS = [-8, -7, -257];

/**
 * The options for a new passkey.
 * Needs the password within the last five minutes, or with this request; user verification is required of the
 * authenticator, so that the passkey proves the person and not only the device.
 */
export async function offerEnrolment(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: { readonly password: string | undefined; readonly host: string | null },
): Promise<Result<{ readonly options: PublicKeyCredentialCreationOptionsJSON }, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  if (input.password !== undefined) {
    const proven = await reauthenticate(deps.prisma, principal, input.password);
    if (!proven.ok) return proven;
  } else if (!(await provenRecently(deps.prisma, principal))) {
    return err({ code: 'step-up-required', detail: 'Enter your password to add a passkey.' });
  }
  const known = await credentialsOf(deps.prisma, principal.id);
  if (known.length >= MOST_PASSKEYS) return err({ code: 'conflict', detail: 'Remove a passkey first: 20 are enough.' });
  const challenge = await randomChallenge(deps.prisma, {
    purpose: 'enrol',
    personId: principal.id,
    subject: principal.sessionId,
  });
  const options = await generateRegistrationOptions({
    rpName: 'Countersign',
    rpID: party.value.id,
    userName: principal.email,
    userDisplayName: principal.name,
    userID: userHandleBytes(principal.id),
    challenge,
    timeout: CHALLENGE_TTL_S * 1000,
    attestationType: 'none',
    excludeCredentials: known.map(({ id, transports }) => ({ id, transports })),
    authenticatorSelection: { residentKey: 'preferred', userVerification: 'required' },
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
  });
  return ok({ options });
}

/**
 * Keeps a new passkey, with its audit row.
 * Refuses an answer to a challenge that this very session was not given, from another page, or without user verification,
 * and a credential that is known already: a passkey has one owner.
 */
export async function enrolPasskey(
  deps: StepUpDeps,
  principal: HumanPrincipal,
  input: { readonly name: string; readonly response: unknown; readonly host: string | null },
): Promise<Result<Passkeys, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  const attestation = readAttestation(input.response);
  if (attestation === null) return err({ code: 'step-up-failed' });
  const used = await burnChallenge(deps.prisma, attestation.challenge);
  const ours = used?.live === true && used.purpose === 'enrol' && used.person_id === principal.id;
  if (!ours || used.subject !== principal.sessionId) return err({ code: 'step-up-failed' });
  const made = await readCredential(party.value, attestation.json, attestation.challenge);
  if (made === null) return err({ code: 'step-up-failed' });
  return withTx(deps.prisma, async (tx): Promise<Result<Passkeys, Refusal>> => {
    const kept = await keepPasskey(tx, deps.keys, {
      personId: principal.id,
      actor: auditActor(principal),
      name: input.name,
      made,
    });
    if (!kept) return err({ code: 'conflict', detail: 'This passkey is known already.' });
    return ok(await listPasskeys(tx, principal, { consoleUrl: deps.consoleUrl, host: input.host }));
  });
}

/** Keeps a credential as a person's passkey, with its audit row; false when it is somebody's already. */
export async function keepPasskey(
  tx: Tx,
  keys: EventKeys,
  input: {
    readonly personId: string;
    readonly actor: AuditActor;
    readonly name: string;
    readonly made: NonNullable<Awaited<ReturnType<typeof readCredential>>>;
  },
): Promise<boolean> {
  const { personId, actor, name, made } = input;
  const id = randomUUIDv7();
  const rows = await tx.$queryRaw<{ id: string }[]>`
    INSERT INTO passkeys (id, person_id, credential_id, public_key, counter, transports, name, backed_up, created_at)
    VALUES (${id}::uuid, ${personId}::uuid, ${made.credentialId}, ${made.publicKey}, ${made.counter},
            ${made.transports}, ${name}, ${made.backedUp}, clock_timestamp())
    ON CONFLICT (credential_id) DO NOTHING RETURNING id::text`;
  if (rows.length === 0) return false;
  await recordEvent(tx, keys, {
    type: 'passkey.enrolled',
    actor,
    detail: { passkey: id, name, backedUp: made.backedUp },
  });
  return true;
}

/** The credential that an authenticator has made for our challenge; null when it is not acceptable. */
export async function readCredential(party: RelyingParty, response: RegistrationResponseJSON, challenge: string) {
  try {
    const verified = await verifyRegistrationResponse({
      response,
      expectedChallenge: challenge,
      expectedOrigin: party.origin,
      expectedRPID: party.id,
      requireUserVerification: true,
      supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
    });
    if (!verified.verified) return null;
    const { credential, credentialBackedUp } = verified.registrationInfo;
    return {
      credentialId: credential.id,
      publicKey: credential.publicKey,
      counter: credential.counter,
      transports: (response.response.transports ?? []).filter((transport) => /^[a-z-]+$/.test(transport)),
      backedUp: credentialBackedUp,
    };
  } catch {
    // It throws for everything that is wrong, in words that quote what the client sent.
    return null;
  }
}
