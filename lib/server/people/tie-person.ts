// Server-only. Ties: for a day whoever made an account, or gave it power, counts as one human with it (ADR 0020).
import { randomUUIDv7 } from 'node:crypto';
import { recordEvent } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';

export type TieReason = 'invited' | 'roles' | 'enabled' | 'sign-in';
type Tied = {
  readonly personId: string;
  readonly why: TieReason;
  /** Whether they were an active reviewer already, or until they were shut out within a day: then the tie does not make the install solo. */
  readonly reviewedBefore: boolean;
};

const TIE_TTL_S = 24 * 3600;

/**
 * Ties an account to whoever made it or gave it a role, until a day is over or somebody who was here before confirms it.
 * Nobody is tied by the operator at the host, to themselves, or on the first day of an installation, when there is nobody
 * yet who could confirm. The entry in the log and the list of people tell everybody.
 */
export function tiePerson(
  tx: Tx,
  keys: Pick<Keys, 'masterKey'>,
  tie: Tied & { readonly by: string | null },
): Promise<void> {
  return write(tx, keys, tie, null);
}

/**
 * Ties an account that came in, was bound or got a role through the provider to everybody who changed within the last day
 * how people sign in. The day counts from the change: it was told then.
 */
export async function tieToSignInChanges(tx: Tx, keys: Pick<Keys, 'masterKey'>, tied: Tied): Promise<void> {
  const changes = await tx.$queryRaw<{ by: string; ends: Date }[]>`
    SELECT by_id::text AS by, max(at) + make_interval(secs => ${TIE_TTL_S}) AS ends FROM sign_in_changes
    WHERE at > clock_timestamp() - make_interval(secs => ${TIE_TTL_S}) GROUP BY by_id ORDER BY by_id`;
  for (const { by, ends } of changes) await write(tx, keys, { ...tied, by }, ends);
}

/** Whether they counted until now: whoever reviews newly beside others who do not never did. */
const COUNTED = (id: string) => Prisma.sql`NOT (reviews_newly(${id}::uuid) AND EXISTS (
  SELECT FROM people p WHERE p.status = 'active' AND 'reviewer' = ANY (p.roles) AND NOT reviews_newly(p.id)))`;

/**
 * Keeps that somebody made a person review no longer: for a day the install does not become solo by it, because the one who
 * stays could have done it to be alone. The operator at the host may, one may oneself, and on the first day anybody. Who acts
 * in an account that somebody else made or reset within a day is perhaps not oneself.
 */
export async function rememberShutOut(
  tx: Tx,
  shut: { readonly id: string; readonly by: string | null },
): Promise<void> {
  if (shut.by === null) return;
  await tx.$executeRaw`
    UPDATE people o SET shut_out_at = clock_timestamp()
    WHERE o.id = ${shut.id}::uuid AND NOT install_is_young() AND ${COUNTED(shut.id)}
      AND (o.id <> ${shut.by}::uuid OR EXISTS (SELECT FROM people m
        WHERE m.id = ANY (makers_of(ARRAY[o.id])) AND m.id <> o.id AND (m.subject = o.subject) IS NOT TRUE))`;
}

/** The same where a role went at the provider, if somebody changed within a day how people sign in. */
export async function rememberShutOutBySignIn(tx: Tx, id: string): Promise<void> {
  await tx.$executeRaw`
    UPDATE people SET shut_out_at = clock_timestamp() WHERE id = ${id}::uuid AND ${COUNTED(id)} AND EXISTS (
      SELECT FROM sign_in_changes c WHERE c.at > clock_timestamp() - make_interval(secs => ${TIE_TTL_S})
        AND c.by_id <> ${id}::uuid)`;
}

/** Keeps who changed how people sign in; null is the operator at the host, who ties nobody. */
export async function rememberSignInChange(tx: Tx, by: string | null): Promise<void> {
  if (by === null) return;
  await tx.$executeRaw`
    INSERT INTO sign_in_changes (id, by_id) SELECT ${randomUUIDv7()}::uuid, ${by}::uuid WHERE NOT install_is_young()`;
}

async function write(
  tx: Tx,
  keys: Pick<Keys, 'masterKey'>,
  tie: Tied & { readonly by: string | null },
  ends: Date | null,
): Promise<void> {
  const { personId, by, why, reviewedBefore } = tie;
  if (by === null || by === personId) return;
  const rows = await tx.$queryRaw<{ ends_at: Date }[]>`
    INSERT INTO person_ties (id, person_id, tied_to, why, reviewed_before, ends_at)
    SELECT ${randomUUIDv7()}::uuid, ${personId}::uuid, ${by}::uuid, ${why},
      ${reviewedBefore} OR EXISTS (SELECT FROM people p WHERE p.id = ${personId}::uuid
        AND p.shut_out_at > clock_timestamp() - make_interval(secs => ${TIE_TTL_S})),
      coalesce(${ends}::timestamptz, clock_timestamp() + make_interval(secs => ${TIE_TTL_S}))
    WHERE NOT install_is_young() RETURNING ends_at`;
  const row = rows[0];
  if (row === undefined) return;
  const people = await tx.person.findMany({ where: { id: { in: [personId, by] } }, select: { id: true, email: true } });
  const emailOf = (id: string) => people.find((one) => one.id === id)?.email ?? null;
  await recordEvent(tx, keys, {
    type: 'person.tied',
    actor: { type: 'system', id: 'countersign', name: 'countersign' },
    detail: {
      person: personId,
      email: emailOf(personId),
      with: emailOf(by),
      withPerson: by,
      why,
      until: row.ends_at.toISOString(),
    },
  });
}
