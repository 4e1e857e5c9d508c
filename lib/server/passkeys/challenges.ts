// Server-only. Challenges: handed out by us, answered once, used up by the first answer whatever it is worth.
import { randomBytes, randomUUID } from 'node:crypto';
import { readVoteSubject, stepUpChallenge } from '#lib/core/approvals/step-up.ts';
import type { Database } from '../db/prisma.ts';
import type { Tx } from '../db/tx.ts';

/** What a person says with a passkey, and what enrolling and signing in ask. */
export type StepUpPurpose = 'vote' | 'grant-vote' | 'break-glass';
type RandomPurpose = 'enrol' | 'sign-in' | 'reauth' | 'join';
export type ChallengePurpose = StepUpPurpose | RandomPurpose;

/** Long enough to find the security key, short enough that a challenge left lying about is worth nothing. */
export const CHALLENGE_TTL_S = 300;

export type UsedChallenge = {
  /** The nonce of what was signed. */
  readonly id: string;
  readonly person_id: string | null;
  readonly purpose: string;
  readonly subject: string;
  readonly challenge: string;
  /** Not yet run out, by the database's clock. */
  readonly live: boolean;
};

/** Hands out a challenge that is bound to a person's one decision; its id is the nonce that is hashed into it. */
export async function challengeFor(
  tx: Tx,
  input: { readonly purpose: StepUpPurpose; readonly personId: string; readonly subject: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const nonce = randomUUID();
  const challenge = expectedChallenge({ ...input, nonce });
  await keep(tx, { id: nonce, ...input, challenge });
  return challenge;
}

/**
 * Hands out a random challenge: for enrolling and proving again by a person's session, or for signing in and taking up an
 * invitation, before it is known who it is.
 */
export async function randomChallenge(
  tx: Tx,
  input: { readonly purpose: RandomPurpose; readonly personId: string | null; readonly subject: string },
): Promise<Uint8Array<ArrayBuffer>> {
  const challenge = new Uint8Array(randomBytes(32));
  await keep(tx, { id: randomUUID(), ...input, challenge });
  return challenge;
}

/** The bytes that a decision's challenge must consist of, computed anew. */
export function expectedChallenge(input: {
  readonly personId: string;
  readonly subject: string;
  readonly nonce: string;
}): Uint8Array<ArrayBuffer> {
  const subject = readVoteSubject(input.subject);
  if (subject === null) throw new Error('A step-up needs a subject made by voteSubject.');
  const { digest, decision } = subject;
  return new Uint8Array(stepUpChallenge({ digest, decision, personId: input.personId, nonce: input.nonce }));
}

/**
 * Uses a challenge up and tells what it was for; null when it was never handed out or was answered before.
 * A statement of its own, outside the caller's transaction: whatever becomes of the answer, nobody can try it again.
 */
export async function burnChallenge(prisma: Database, challenge: string): Promise<UsedChallenge | null> {
  const rows = await prisma.$queryRaw<UsedChallenge[]>`
    UPDATE webauthn_challenges SET used_at = clock_timestamp() WHERE challenge = ${challenge} AND used_at IS NULL
    RETURNING id::text, person_id::text, purpose, subject, challenge, expires_at > clock_timestamp() AS live`;
  return rows[0] ?? null;
}

type Kept = {
  readonly id: string;
  readonly personId: string | null;
  readonly purpose: ChallengePurpose;
  readonly subject: string;
  readonly challenge: Uint8Array;
};

async function keep(tx: Tx, row: Kept): Promise<void> {
  await tx.$executeRaw`
    INSERT INTO webauthn_challenges (id, person_id, purpose, subject, challenge, created_at, expires_at)
    SELECT ${row.id}::uuid, ${row.personId}::uuid, ${row.purpose}, ${row.subject},
           ${Buffer.from(row.challenge).toString('base64url')}, t.now, t.now + make_interval(secs => ${CHALLENGE_TTL_S})
    FROM (SELECT clock_timestamp() AS now) t`;
}
