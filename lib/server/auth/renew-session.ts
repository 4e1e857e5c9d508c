// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import { auditActor } from '#lib/core/identity/audit-actor.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { recordEvent } from '../audit/record-event.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/** How long the old id still answers: requests that were on their way when it changed. It gains nothing from the proof. */
const GRACE_S = 5;

/**
 * Goes on under a new session id that knows the proof was given just now; null for a session that is over, and for a
 * command line, which has no cookie to put the new id into.
 * The old id remembers when the session was to end: who proves twice at once, in two tabs, still has it until then.
 * The old id gains nothing: whoever has a copy of its cookie must not gain from a password that somebody else typed.
 */
export async function renewSession(
  tx: Tx,
  keys: Keys,
  principal: HumanPrincipal,
  by: 'password' | 'passkey' | 'sso',
): Promise<{ readonly sessionId: string; readonly reauthAt: Date } | null> {
  const id = randomUUIDv7();
  const rows = await tx.$queryRaw<{ reauth_at: Date }[]>`
    WITH old AS (
      UPDATE person_sessions SET ends_at = coalesce(ends_at, expires_at),
        expires_at = LEAST(expires_at, clock_timestamp() + make_interval(secs => ${GRACE_S}))
      WHERE id = ${principal.sessionId}::uuid AND kind = 'browser' AND revoked_at IS NULL
        AND expires_at > clock_timestamp()
      RETURNING *
    )
    INSERT INTO person_sessions (id, person_id, kind, method, address, user_agent, created_at, reauth_at, last_seen_at,
      expires_at, sign_in_id)
    SELECT ${id}::uuid, old.person_id, 'browser', old.method, old.address, old.user_agent, old.created_at,
           clock_timestamp(), clock_timestamp(), old.ends_at, old.sign_in_id
    FROM old RETURNING reauth_at`;
  const row = rows[0];
  if (row === undefined) return null;
  await notify(tx, 'cs_session', { sessionId: principal.sessionId });
  await recordEvent(tx, keys, {
    type: 'person.stepped-up',
    actor: auditActor(principal),
    detail: { method: by, sessionId: id, sessionBefore: principal.sessionId },
  });
  return { sessionId: id, reauthAt: row.reauth_at };
}
