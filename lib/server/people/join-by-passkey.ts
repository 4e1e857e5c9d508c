// Server-only. Taking up an invitation with a passkey: where passwords are off and no provider signs anybody in.
import { randomUUIDv7 } from 'node:crypto';
import { generateRegistrationOptions, type PublicKeyCredentialCreationOptionsJSON } from '@simplewebauthn/server';
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { openSession } from '../auth/sessions.ts';
import { type Tx, withTx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { readAttestation } from '../passkeys/browser-answer.ts';
import { burnChallenge, CHALLENGE_TTL_S, randomChallenge } from '../passkeys/challenges.ts';
import { userHandleBytes } from '../passkeys/check-passkey.ts';
import { keepPasskey, PASSKEY_ALGORITHMS, readCredential } from '../passkeys/enrol-passkey.ts';
import { relyingPartyAt } from '../passkeys/relying-party.ts';
import type { StepUpDeps } from '../passkeys/verify-assertion.ts';
import { lockPeople } from './lock-people.ts';
import { isTakenUpByPasskey, readLink } from './read-link.ts';
import { addPerson } from './redeem-link.ts';

type Deps = StepUpDeps & { readonly env: Pick<Env, 'oidc'> };
type Offered = { readonly options: PublicKeyCredentialCreationOptionsJSON };
export type Joined = { readonly personId: string; readonly email: string; readonly sessionId: string };

/**
 * The options for the passkey that an invited person comes with. The challenge belongs to this link, and to the id that the
 * account will have: the authenticator keeps that id. Refuses a link that opens nothing, one that is no invitation, and
 * where passwords or a provider are the way in.
 */
export async function offerJoining(
  deps: Deps,
  input: { readonly token: string; readonly host: string | null },
): Promise<Result<Offered, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  const link = await readInvitation(deps.prisma, deps.env, input.token);
  if (!link.ok) return link;
  const personId = randomUUIDv7();
  const options = await generateRegistrationOptions({
    rpName: 'Countersign',
    rpID: party.value.id,
    userName: link.value.email,
    userID: userHandleBytes(personId),
    challenge: await randomChallenge(deps.prisma, {
      purpose: 'join',
      personId: null,
      subject: `${link.value.id} ${personId}`,
    }),
    timeout: CHALLENGE_TTL_S * 1000,
    attestationType: 'none',
    // It is the only way back in, so the sign-in page must find it without knowing who asks.
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    supportedAlgorithmIDs: PASSKEY_ALGORITHMS,
  });
  return ok({ options });
}

/**
 * Makes the account of an invitation with its first passkey and no password, and signs it in: the authenticator has just
 * verified the person. Refuses what `offerJoining` refuses, and an answer to a challenge that this link was not given.
 */
export async function joinByPasskey(
  deps: Deps,
  input: {
    readonly token: string;
    readonly name: string;
    readonly response: unknown;
    readonly host: string | null;
    readonly address: string;
    readonly userAgent: string | null;
  },
): Promise<Result<Joined, Refusal>> {
  const party = relyingPartyAt(deps.consoleUrl, input.host);
  if (!party.ok) return err({ code: 'passkey-unavailable', detail: party.error.sentence });
  const attestation = readAttestation(input.response);
  if (attestation === null) return err({ code: 'step-up-failed' });
  const used = await burnChallenge(deps.prisma, attestation.challenge);
  if (used?.live !== true || used.purpose !== 'join') return err({ code: 'step-up-failed' });
  const [linkId, personId = ''] = used.subject.split(' ');
  const made = await readCredential(party.value, attestation.json, attestation.challenge);
  if (made === null) return err({ code: 'step-up-failed' });
  return withTx(deps.prisma, async (tx): Promise<Result<Joined, Refusal>> => {
    await lockPeople(tx);
    const link = await readInvitation(tx, deps.env, input.token);
    if (!link.ok) return link;
    if (link.value.id !== linkId) return err({ code: 'step-up-failed' });
    const { name } = input;
    const { email } = link.value;
    const added = await addPerson(tx, deps.keys, { link: link.value, id: personId, email, name, passwordHash: null });
    if (!added.ok) return added;
    const actor = { type: 'person', id: personId, name } as const;
    const kept = await keepPasskey(tx, deps.keys, { personId, actor, name: 'First passkey', made });
    // The account goes with it: nobody could come in to it.
    if (!kept) throw new Error('A new authenticator gave a credential that is known already.');
    const { address, userAgent } = input;
    const session = await openSession(tx, { personId, userAgent, address, by: 'passkey' });
    await tx.$executeRaw`UPDATE people SET last_sign_in_at = clock_timestamp() WHERE id = ${personId}::uuid`;
    await recordEvent(tx, deps.keys, {
      type: 'person.signed-in',
      actor,
      detail: { address, sessionId: session.id, method: 'passkey' },
    });
    return ok({ personId, email, sessionId: session.id });
  });
}

type Invitation = { readonly email: string } & Parameters<typeof addPerson>[2]['link'];

async function readInvitation(tx: Tx, env: Pick<Env, 'oidc'>, token: string): Promise<Result<Invitation, Refusal>> {
  const link = await readLink(tx, token);
  if (link === null) return err({ code: 'link-invalid' });
  const { email } = link;
  if (email === null || !(await isTakenUpByPasskey(tx, env, link))) {
    return err({ code: 'conflict', detail: 'This link is not taken up with a passkey: open it again.' });
  }
  return ok({ ...link, email });
}
