// Server-only.
import { recordEvent } from '../audit/record-event.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { readSession, revokeSession } from './sessions.ts';

/** Ends a session for good: a copy of its cookie is worth nothing from now on. A session that is over stays over. */
export async function signOut(
  deps: { readonly prisma: Database; readonly keys: Keys },
  sessionId: string,
): Promise<void> {
  await withTx(deps.prisma, async (tx) => {
    const session = await readSession(tx, sessionId);
    if (session === null || !(await revokeSession(tx, sessionId))) return;
    const { id, name } = session.principal;
    await recordEvent(tx, deps.keys, {
      type: 'person.signed-out',
      actor: { type: 'person', id, name },
      detail: { sessionId },
    });
  });
}
