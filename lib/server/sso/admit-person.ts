// Server-only. Who somebody is here, whom the provider has named.
import { randomUUIDv7 } from 'node:crypto';
import type { Refusal } from '#lib/contracts/problems.ts';
import { emailSchema } from '#lib/contracts/shared-shapes.ts';
import type { Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { bumpConfig } from '../db/config-head.ts';
import { notify } from '../db/listen.ts';
import type { Tx } from '../db/tx.ts';
import type { Person } from '../generated/prisma/client.ts';
import type { Keys } from '../keys/load-keys.ts';
import { countAdmins, lockPeople } from '../people/lock-people.ts';
import { rememberWho } from '../people/remember-who.ts';
import { rememberShutOutBySignIn, tiePerson, tieToSignInChanges } from '../people/tie-person.ts';
import { type Given, givenBy, regive } from './map-groups.ts';
import type { SignInRules } from './provider.ts';

/** What a verified ID token says. */
export type Named = {
  readonly issuer: string;
  readonly sub: string;
  readonly email: string | null;
  readonly emailVerified: boolean;
  readonly name: string | null;
  readonly groups: readonly string[];
};

/** A subject is one only together with its issuer: another provider may hand out the same text. No issuer has a space. */
export function subjectOf(named: Pick<Named, 'issuer' | 'sub'>): string {
  return `${named.issuer} ${named.sub}`;
}

/**
 * The account of a subject.
 *
 * A subject that is bound signs in to its account and to no other, whatever e-mail it brings; disabled means out. An
 * unbound one is bound once, by an e-mail that the provider has verified: to the account or the open invitation with that
 * e-mail, or where the settings allow it to a new account, if a group gives it a role. Refuses everybody else, and to take
 * over an account that belongs to another subject. Then the mapping is applied anew. Whoever is bound or gains a role counts
 * as one human with whoever changed today how people sign in. Runs under the lock of people.
 */
export async function admitPerson(
  tx: Tx,
  keys: Keys,
  named: Named,
  rules: SignInRules,
): Promise<Result<Person, Refusal & { readonly why: string }>> {
  await lockPeople(tx);
  const subject = subjectOf(named);
  const given = givenBy(rules.mappings, named.groups);
  const accounts = await tx.person.findMany({ where: { subject }, orderBy: { createdAt: 'asc' } });
  const bound = accounts.find((one) => one.status === 'active');
  if (bound !== undefined) return ok(await applyMapping(tx, keys, bound, given));
  if (accounts.length > 0) return err({ code: 'sso-no-account', why: 'disabled' });

  const email = emailSchema.safeParse(named.email ?? '');
  if (!named.emailVerified || !email.success) return err({ code: 'sso-email-unverified', why: 'email-unverified' });
  const present = await tx.person.findUnique({ where: { email: email.data } });
  if (present !== null) {
    if (present.status !== 'active') return err({ code: 'sso-no-account', why: 'disabled' });
    if (present.subject !== null) return err({ code: 'sso-no-account', why: 'another-subject' });
    return ok(await applyMapping(tx, keys, await bind(tx, keys, present, named), given));
  }
  const made = await createPerson(tx, keys, { email: email.data, named, given, autoCreate: rules.autoCreate });
  if (made === null) return err({ code: 'sso-no-account', why: 'not-invited' });
  return ok(await applyMapping(tx, keys, made, given));
}

async function bind(tx: Tx, keys: Keys, person: Person, named: Named, isNew = false): Promise<Person> {
  const bound = await tx.person.update({
    where: { id: person.id },
    data: { subject: subjectOf(named), ssoBoundAt: new Date() },
  });
  await bumpConfig(tx, 'people', person.id);
  await recordEvent(tx, keys, {
    type: 'person.sso-bound',
    actor: { type: 'person', id: person.id, name: person.name },
    detail: { email: person.email, issuer: named.issuer, subject: named.sub.slice(0, 255) },
  });
  await tieToSignInChanges(tx, keys, {
    personId: person.id,
    why: 'sign-in',
    reviewedBefore: isReviewer(person) && !isNew,
  });
  return bound;
}

type NewPerson = {
  readonly email: string;
  readonly named: Named;
  readonly given: Given;
  readonly autoCreate: boolean;
};

/** From an open invitation with its roles, or from the mapping alone where that is allowed. */
async function createPerson(tx: Tx, keys: Keys, input: NewPerson): Promise<Person | null> {
  const { email, named } = input;
  const id = randomUUIDv7();
  const [invitation] = await tx.$queryRaw<{ id: string; roles: Role[]; groups: string[]; by: string | null }[]>`
    UPDATE one_time_links SET used_at = clock_timestamp(), person_id = ${id}::uuid
    WHERE kind = 'invite' AND email = ${email} AND used_at IS NULL AND expires_at > clock_timestamp()
    RETURNING id::text, roles::text[] AS roles, groups, created_by::text AS by`;
  if (invitation === undefined && !(input.autoCreate && input.given.roles.length > 0)) return null;
  const name = named.name?.trim().slice(0, 100) || email;
  const groups = invitation?.groups ?? [];
  const invitedBy = groups.length === 0 ? {} : { groupsChangedBy: invitation?.by ?? null, groupsChangedAt: new Date() };
  const person = await tx.person.create({
    data: { id, email, name, passwordHash: null, roles: invitation?.roles ?? [], groups, ...invitedBy },
  });
  await recordEvent(tx, keys, {
    type: 'person.set-up',
    actor: { type: 'person', id, name },
    detail: {
      email,
      roles: person.roles.join(' '),
      link: invitation === undefined ? 'sso' : 'invite',
      invitedBy: invitation?.by ?? null,
    },
  });
  const by = invitation?.by ?? null;
  await tiePerson(tx, keys, { personId: id, by, why: 'invited', reviewedBefore: false });
  return bind(tx, keys, person, named, true);
}

/**
 * Applies what the provider's groups give now. The last active admin keeps that role: a group emptied by mistake at the
 * provider must not leave an installation that nobody can run; the entry says so.
 */
async function applyMapping(tx: Tx, keys: Keys, person: Person, given: Given): Promise<Person> {
  const next = regive(person, given);
  const losesAdmin = person.roles.includes('admin') && !next.roles.includes('admin');
  const isLastAdmin = losesAdmin && person.status === 'active' && (await countAdmins(tx)) === 1;
  const roles: readonly Role[] = isLastAdmin ? ['admin', ...next.roles] : next.roles;
  // The provider gave it, so that it goes as soon as there is another admin.
  const ssoRoles: readonly Role[] = isLastAdmin ? ['admin', ...next.ssoRoles] : next.ssoRoles;
  const after = { roles, groups: next.groups, ssoRoles, ssoGroups: next.ssoGroups };
  if (sameGifts(person, after)) return person;
  const changed = await tx.person.update({
    where: { id: person.id },
    data: {
      roles: [...after.roles],
      groups: [...after.groups],
      ssoRoles: [...after.ssoRoles],
      ssoGroups: [...after.ssoGroups],
    },
  });
  if (after.groups.some((group) => !person.groups.includes(group))) await blameMapper(tx, person.id);
  if (isReviewer(person) && !after.roles.includes('reviewer')) await rememberShutOutBySignIn(tx, person.id);
  if (after.roles.some((role) => !person.roles.includes(role))) {
    await tieToSignInChanges(tx, keys, { personId: person.id, why: 'sign-in', reviewedBefore: isReviewer(person) });
  }
  await notify(tx, 'cs_session', { personId: person.id });
  await bumpConfig(tx, 'people', person.id);
  await recordEvent(tx, keys, {
    type: 'person.changed',
    actor: { type: 'system', id: 'countersign', name: 'countersign' },
    detail: {
      person: person.id,
      email: person.email,
      change: 'groups at the sign-in provider',
      roles: after.roles.join(' '),
      rolesBefore: person.roles.join(' '),
      groups: after.groups.join(' '),
      ...(isLastAdmin ? { kept: 'admin: there is no other' } : {}),
    },
  });
  return changed;
}

function isReviewer(person: Person): boolean {
  return person.status === 'active' && person.roles.includes('reviewer');
}

/** Whoever wrote the mapping today gave the group: otherwise a mapping would be a way to give oneself one unseen. */
async function blameMapper(tx: Tx, id: string): Promise<void> {
  const rows = await tx.$queryRaw<{ by: string | null; solo: boolean }[]>`
    SELECT mappings_changed_by::text AS by, mappings_changed_solo AS solo FROM sign_in_settings
    WHERE id = 1 AND mappings_changed_at > clock_timestamp() - make_interval(hours => 24)`;
  const row = rows[0];
  if (row !== undefined) await rememberWho(tx, { by: row.by, id, isSolo: row.solo });
}

type Gifts = Pick<Person, 'roles' | 'groups' | 'ssoRoles' | 'ssoGroups'>;

function sameGifts(before: Gifts, after: { readonly [K in keyof Gifts]: readonly string[] }): boolean {
  const text = (list: readonly string[]) => [...list].sort().join('\n');
  return (['roles', 'groups', 'ssoRoles', 'ssoGroups'] as const).every((key) => text(before[key]) === text(after[key]));
}
