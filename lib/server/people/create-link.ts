// Server-only. Links that people are sent: invitations and password resets.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor, Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { provenRecently } from '../auth/proven-recently.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, writeConfig } from '../db/config-write.ts';
import type { Tx } from '../db/tx.ts';
import { readSignInRules } from '../sso/provider.ts';
import { switchPasswordsOn } from '../sso/switch-passwords-on.ts';
import { linkUrl, newLinkToken } from './one-time-token.ts';

export type SentLink = { readonly link: string; readonly expiresAt: string };
export type Invitation = {
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
};
type LinkDeps = ConfigDeps & { readonly consoleUrl: string };

const INVITE_TTL_S = 72 * 3600;
const RESET_TTL_S = 3600;
/** A link outlives the session that made it: whoever borrows an admin's browser must not leave an account of their own. */
const UNPROVEN: Refusal = {
  code: 'step-up-required',
  detail: 'Prove again that it is you: the link outlives this session.',
};

/**
 * An invitation: a link that makes this person with these roles, 72 hours, once. The answer is the only place the token
 * is ever shown. Refuses a person who has not proven within five minutes who they are, and an e-mail that is somebody's already; an older open invitation of the same e-mail dies.
 */
export function invitePerson(
  deps: LinkDeps,
  actor: ConfigActor,
  input: Invitation,
): Promise<Result<SentLink, Refusal>> {
  return writeConfig(deps, actor, (write) => invitePersonIn(write, deps.consoleUrl, input));
}

/** The same inside a larger transaction. */
export async function invitePersonIn(
  write: ConfigWrite,
  consoleUrl: string,
  input: Invitation,
): Promise<Result<SentLink, Refusal>> {
  const { tx, keys, actor } = write;
  if (actor.kind !== 'operator' && !(await provenRecently(tx, actor))) return err<Refusal>(UNPROVEN);
  if ((await tx.person.findUnique({ where: { email: input.email } })) !== null) {
    return err<Refusal>({ code: 'name-taken', detail: 'This e-mail already belongs to a person here.' });
  }
  const made = await writeLink(tx, { ...input, kind: 'invite', ttlS: INVITE_TTL_S, createdBy: personIdOf(actor) });
  await bumpConfig(tx, 'people', made.id);
  await recordEvent(tx, keys, {
    type: 'person.invited',
    actor: auditActor(actor),
    detail: { email: input.email, roles: input.roles.join(' '), link: made.id },
  });
  return ok({ link: linkUrl(consoleUrl, made.token), expiresAt: made.expiresAt.toISOString() });
}

/**
 * A link with which a person sets a new password: one hour, once. The old password works until it is used, so that
 * making one locks nobody out. Refuses whoever has not proven within five minutes who they are, people who are unknown or disabled, and while passwords are off everybody but the
 * operator at the host, who cures a lock-out with it: then passwords are on again.
 */
export function createResetLink(deps: LinkDeps, actor: ConfigActor, email: string): Promise<Result<SentLink, Refusal>> {
  return writeConfig(deps, actor, async ({ tx, keys }) => {
    if (actor.kind !== 'operator' && !(await provenRecently(tx, actor))) return err<Refusal>(UNPROVEN);
    const person = await tx.person.findUnique({ where: { email } });
    if (person === null || person.status !== 'active') {
      return err<Refusal>({ code: 'not-found', detail: 'Nobody active here has this e-mail address.' });
    }
    if ((await readSignInRules(tx)).passwords === 'off') {
      if (actor.kind !== 'operator') return err<Refusal>({ code: 'passwords-off' });
      await switchPasswordsOn(tx, keys, actor);
    }
    const link = {
      email,
      roles: [],
      groups: [],
      kind: 'reset',
      ttlS: RESET_TTL_S,
      createdBy: personIdOf(actor),
    } as const;
    const made = await writeLink(tx, link);
    await recordEvent(tx, keys, {
      type: 'person.changed',
      actor: auditActor(actor),
      detail: { person: person.id, email, change: 'reset link made', link: made.id },
    });
    return ok({ link: linkUrl(deps.consoleUrl, made.token), expiresAt: made.expiresAt.toISOString() });
  });
}

type LinkInput = {
  readonly kind: 'invite' | 'reset';
  readonly email: string;
  readonly roles: readonly Role[];
  readonly groups: readonly string[];
  readonly ttlS: number;
  readonly createdBy: string | null;
};

async function writeLink(tx: Tx, input: LinkInput): Promise<{ id: string; token: string; expiresAt: Date }> {
  await tx.$executeRaw`
    UPDATE one_time_links SET used_at = clock_timestamp()
    WHERE kind = ${input.kind} AND email = ${input.email} AND used_at IS NULL`;
  const { token, tokenHash } = newLinkToken();
  const id = randomUUIDv7();
  const rows = await tx.$queryRaw<{ expires_at: Date }[]>`
    INSERT INTO one_time_links (id, kind, token_hash, email, roles, groups, created_by, created_at, expires_at)
    SELECT ${id}::uuid, ${input.kind}, ${tokenHash}, ${input.email}, ${[...input.roles]}::text[]::role[],
           ${[...input.groups]}::text[], ${input.createdBy}::uuid, t.now, t.now + make_interval(secs => ${input.ttlS})
    FROM (SELECT clock_timestamp() AS now) t RETURNING expires_at`;
  const row = rows[0];
  if (row === undefined) throw new Error('The link was not written.');
  return { id, token, expiresAt: row.expires_at };
}
