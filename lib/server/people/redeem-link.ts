// Server-only.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { hashPassword } from '../auth/password.ts';
import { revokeSessionsOf } from '../auth/sessions.ts';
import { bumpConfig } from '../db/config-head.ts';
import type { Database } from '../db/prisma.ts';
import { databaseNow, type Tx, withTx } from '../db/tx.ts';
import type { Keys } from '../keys/load-keys.ts';
import { removePasskeysOf } from '../passkeys/remove-passkey.ts';
import { readSignInRules } from '../sso/provider.ts';
import { switchPasswordsOn } from '../sso/switch-passwords-on.ts';
import { countAdmins, lockPeople } from './lock-people.ts';
import { consumeLink, type OpenLink, readLink } from './read-link.ts';
import { tiePerson } from './tie-person.ts';

export type RedeemInput = {
  readonly token: string;
  readonly email?: string | undefined;
  readonly name?: string | undefined;
  readonly password: string;
};
export type Redeemed = { readonly kind: OpenLink['kind']; readonly personId: string; readonly email: string };

/**
 * Turns a one-time link into a person (set-up, invitation) or a new password (reset).
 * Assumes that contracts checked the shapes. Refuses a used, expired or unknown link, a set-up link once an admin
 * exists, and an e-mail that is already somebody's. A reset ends every session and passkey: whoever had the
 * old password is out.
 */
export async function redeemLink(
  deps: { readonly prisma: Database; readonly keys: Keys },
  input: RedeemInput,
): Promise<Result<Redeemed, Refusal>> {
  // Looked at before the costly hash, so that guessing tokens costs us nothing; decided again under the lock.
  if ((await readLink(deps.prisma, input.token)) === null) return err({ code: 'link-invalid' });
  const passwordHash = await hashPassword(input.password);
  return withTx(deps.prisma, async (tx): Promise<Result<Redeemed, Refusal>> => {
    await lockPeople(tx);
    const link = await readLink(tx, input.token);
    if (link === null) return err({ code: 'link-invalid' });
    const passwords = (await readSignInRules(tx)).passwords;
    // Whoever is invited comes through the provider then; the link itself proves nothing that a password would not.
    if (passwords === 'off' && link.kind !== 'setup') return err({ code: 'passwords-off' });
    switch (link.kind) {
      case 'setup':
        if ((await countAdmins(tx)) > 0) return err({ code: 'link-invalid' });
        if (passwords === 'off') await switchPasswordsOn(tx, deps.keys, 'system');
        return addPerson(tx, deps.keys, { link, email: input.email, name: input.name, passwordHash });
      case 'invite':
        return addPerson(tx, deps.keys, { link, email: link.email ?? undefined, name: input.name, passwordHash });
      case 'reset':
        return resetPassword(tx, deps.keys, link, passwordHash);
    }
  });
}

/** The account of a set-up link or an invitation, tied to whoever invited. Assumes the lock of people, and uses the link up. */
export async function addPerson(
  tx: Tx,
  keys: Keys,
  input: {
    readonly link: OpenLink;
    readonly email: string | undefined;
    readonly name: string | undefined;
    /** Where something outside knows already what the id will be. */
    readonly id?: string;
    readonly passwordHash: string | null;
  },
): Promise<Result<Redeemed, Refusal>> {
  const { link, email, name } = input;
  if (email === undefined) return err({ code: 'invalid-request', detail: 'email: is needed' });
  if (name === undefined) return err({ code: 'invalid-request', detail: 'name: is needed' });
  if ((await tx.person.findUnique({ where: { email } })) !== null) {
    return err({ code: 'name-taken', detail: 'This e-mail already belongs to a person here.' });
  }
  const id = input.id ?? randomUUIDv7();
  if (!(await consumeLink(tx, link.id, id))) return err({ code: 'link-invalid' });
  const { passwordHash } = input;
  const invitedBy =
    link.groups.length === 0 ? {} : { groupsChangedBy: link.createdBy, groupsChangedAt: await databaseNow(tx) };
  await tx.person.create({
    data: { id, email, name, passwordHash, roles: [...link.roles], groups: [...link.groups], ...invitedBy },
  });
  await bumpConfig(tx, 'people', id);
  await recordEvent(tx, keys, {
    type: 'person.set-up',
    actor: { type: 'person', id, name },
    detail: { email, roles: link.roles.join(' '), link: link.kind, invitedBy: link.createdBy },
  });
  await tiePerson(tx, keys, { personId: id, by: link.createdBy, why: 'invited', reviewedBefore: false });
  return ok({ kind: link.kind, personId: id, email });
}

async function resetPassword(
  tx: Tx,
  keys: Keys,
  link: OpenLink,
  passwordHash: string,
): Promise<Result<Redeemed, Refusal>> {
  const person = await tx.person.findUnique({ where: { email: link.email ?? '' } });
  if (person === null || person.status !== 'active') return err({ code: 'link-invalid' });
  if (!(await consumeLink(tx, link.id, person.id))) return err({ code: 'link-invalid' });
  await tx.person.update({ where: { id: person.id }, data: { passwordHash } });
  await revokeSessionsOf(tx, person.id);
  const passkeysRemoved = await removePasskeysOf(tx, person.id);
  await recordEvent(tx, keys, {
    type: 'person.password-reset',
    actor: { type: 'person', id: person.id, name: person.name },
    detail: { email: person.email, createdBy: link.createdBy, passkeysRemoved },
  });
  return ok({ kind: link.kind, personId: person.id, email: person.email });
}
