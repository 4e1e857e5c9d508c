// Server-only.
import type { Passkeys } from '#lib/contracts/passkeys.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Tx } from '../db/tx.ts';
import { relyingPartyAt } from './relying-party.ts';

/** A person's own passkeys, oldest first, and whether the page that asks can use one. */
export async function listPasskeys(
  tx: Tx,
  principal: HumanPrincipal,
  page: { readonly consoleUrl: string; readonly host: string | null },
): Promise<Passkeys> {
  const rows = await tx.passkey.findMany({
    where: { personId: principal.id, revokedAt: null },
    orderBy: { createdAt: 'asc' },
  });
  const party = relyingPartyAt(page.consoleUrl, page.host);
  return {
    items: rows.map((row) => ({
      id: row.id,
      name: row.name,
      createdAt: row.createdAt.toISOString(),
      lastUsedAt: row.lastUsedAt?.toISOString() ?? null,
      backedUp: row.backedUp,
    })),
    available: party.ok,
    unavailableBecause: party.ok ? null : party.error.sentence,
  };
}

/** The credentials of a person as WebAuthn names them. */
export async function credentialsOf(
  tx: Tx,
  personId: string,
): Promise<readonly { readonly id: string; readonly transports: string[] }[]> {
  const rows = await tx.passkey.findMany({ where: { personId, revokedAt: null }, orderBy: { createdAt: 'asc' } });
  return rows.map((row) => ({ id: row.credentialId, transports: row.transports }));
}
