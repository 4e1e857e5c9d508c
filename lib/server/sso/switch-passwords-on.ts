// Server-only.
import { type AuditActor, auditActor } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { recordEvent } from '../audit/record-event.ts';
import type { Tx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';

/** Passwords open the console again: the way out of a lock-out, for the host and for the first admin. */
export async function switchPasswordsOn(tx: Tx, keys: Keys, by: ConfigActor | 'system'): Promise<void> {
  await tx.signInSettings.update({ where: { id: 1 }, data: { passwords: 'on', updatedAt: new Date() } });
  const actor: AuditActor = auditActor(by);
  await recordEvent(tx, keys, {
    type: 'sign-in.changed',
    actor,
    detail: { changed: 'passwords', passwords: 'on', passwordsBefore: 'off', reason: 'nobody could sign in' },
  });
}
