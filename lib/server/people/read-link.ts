// Server-only.
import type { Refusal } from '#lib/contracts/problems.ts';
import type { Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import type { Tx } from '../db/tx.ts';
import type { Env } from '../env.ts';
import { signInOffer } from '../sso/provider.ts';
import { linkTokenHash } from './one-time-token.ts';

export type OpenLink = {
  readonly id: string;
  readonly kind: 'setup' | 'invite' | 'reset';
  readonly email: string | null;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly createdBy: string | null;
  readonly expiresAt: Date;
};

/**
 * The link of a token while it can still be used; null for a used, expired and unknown one alike, so that guessing
 * tells nothing. The database's clock decides.
 */
export async function readLink(tx: Tx, token: string): Promise<OpenLink | null> {
  const rows = await tx.$queryRaw<OpenLink[]>`
    SELECT id::text, kind, email, roles::text[] AS roles, groups, created_by::text AS "createdBy", expires_at AS "expiresAt"
    FROM one_time_links
    WHERE token_hash = ${linkTokenHash(token)} AND used_at IS NULL AND expires_at > clock_timestamp()
      AND kind IN ('setup', 'invite', 'reset')`;
  return rows[0] ?? null;
}

/** Uses the link up for an account; false when another request was first. */
export async function consumeLink(tx: Tx, id: string, personId: string): Promise<boolean> {
  const count = await tx.$executeRaw`
    UPDATE one_time_links SET used_at = clock_timestamp(), person_id = ${personId}::uuid
    WHERE id = ${id}::uuid AND used_at IS NULL AND expires_at > clock_timestamp()`;
  return count === 1;
}

type LinkInfo = Pick<OpenLink, 'kind' | 'email' | 'expiresAt'> & {
  readonly passwords: boolean;
  readonly provider: string | null;
  readonly passkey: boolean;
};

/**
 * What a link is for, for the page that redeems it. While passwords are off a set-up link still takes one (it switches
 * them on), and an invitation is taken up at the provider, with the e-mail it was sent to, or where there is none with a
 * passkey. A link that was a good one once says what became of it: whoever has its token has not guessed it.
 */
export async function describeLink(tx: Tx, env: Pick<Env, 'oidc'>, token: string): Promise<Result<LinkInfo, Refusal>> {
  const link = await readLink(tx, token);
  if (link === null) return err(await whatBecameOf(tx, token));
  const { provider, passwords } = await signInOffer(tx, env);
  const { kind, email, expiresAt } = link;
  const passkey = await isTakenUpByPasskey(tx, env, link);
  return ok({ kind, email, expiresAt, provider, passwords: passwords || kind === 'setup', passkey });
}

/** Whether a link is taken up with a passkey: an invitation where neither a password nor a provider lets anybody in. */
export async function isTakenUpByPasskey(
  tx: Tx,
  env: Pick<Env, 'oidc'>,
  link: Pick<OpenLink, 'kind'>,
): Promise<boolean> {
  const { provider, passwords } = await signInOffer(tx, env);
  return link.kind === 'invite' && provider === null && !passwords;
}

async function whatBecameOf(tx: Tx, token: string): Promise<Refusal> {
  const rows = await tx.$queryRaw<{ used: boolean; over: boolean }[]>`
    SELECT person_id IS NOT NULL AS used, used_at IS NULL AS over FROM one_time_links
    WHERE token_hash = ${linkTokenHash(token)} AND kind IN ('setup', 'invite', 'reset')`;
  const row = rows[0];
  if (row === undefined) return { code: 'link-invalid' };
  if (row.used) return { code: 'link-used' };
  return { code: row.over ? 'link-expired' : 'link-replaced' };
}
