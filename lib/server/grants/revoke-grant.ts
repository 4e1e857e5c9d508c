// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { HumanPrincipal, Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Database } from '../db/prisma.ts';
import { withTx } from '../db/tx.ts';
import { Prisma } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { endGrants } from './end-grants.ts';
import { lockGrant } from './lock-grant.ts';

/** Anybody who decides, administers or watches may take a permission away; giving one is what needs a quorum. */
export const REVOKE_ROLES: readonly Role[] = ['reviewer', 'admin', 'security'];

/**
 * Ends a grant at once: no call that is not yet consumed uses it any more. One that has ended already stays as it is.
 */
export async function revokeGrant(
  deps: { readonly prisma: Database; readonly keys: Keys },
  principal: HumanPrincipal,
  id: string,
): Promise<Result<Record<string, never>, Refusal>> {
  if (!REVOKE_ROLES.some((role) => principal.roles.includes(role))) return err({ code: 'not-allowed' });
  return withTx(deps.prisma, async (tx): Promise<Result<Record<string, never>, Refusal>> => {
    const row = await lockGrant(tx, id);
    if (row === null) return err({ code: 'not-found' });
    if (row.status !== 'pending' && row.status !== 'active') return ok({});
    const where = Prisma.sql`g.id = ${id}::uuid`;
    await endGrants(tx, deps.keys, { by: principal, status: 'revoked', cause: 'revoked', where });
    return ok({});
  });
}
