// Server-only.
import type { Person } from '#lib/contracts/people.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import { auditActor, personIdOf } from '#lib/core/identity/audit-actor.ts';
import type { ConfigActor, Role } from '#lib/core/identity/principals.ts';
import { err, ok, type Result } from '#lib/core/result.ts';
import { recordEvent } from '../audit/record-event.ts';
import { revokeSessionsOf } from '../auth/sessions.ts';
import { bumpConfig } from '../db/config-head.ts';
import { type ConfigDeps, type ConfigWrite, writeConfig } from '../db/config-write.ts';
import { notify } from '../db/listen.ts';
import { readPerson } from './list-people.ts';
import { countAdmins, lockPeople } from './lock-people.ts';
import { readSeparation } from './read-separation.ts';
import { rememberWho } from './remember-who.ts';
import { rememberShutOut, tiePerson } from './tie-person.ts';

export type PersonChange = {
  readonly roles?: readonly Role[] | undefined;
  readonly groups?: readonly string[] | undefined;
  readonly status?: 'active' | 'disabled' | undefined;
};

/**
 * Changes a person's roles, groups or status, effective at once: every request reads the row, a disabled person's
 * sessions end, and open sockets of somebody whose roles changed are dropped.
 * Whoever gets a role or is let in again counts as one human with whoever gave it, for a day or until that is confirmed.
 * Refuses to leave the installation without an active admin.
 */
export function changePerson(
  deps: ConfigDeps,
  actor: ConfigActor,
  id: string,
  change: PersonChange,
): Promise<Result<Person, Refusal>> {
  return writeConfig(deps, actor, (write) => changePersonIn(write, id, change));
}

/** The same inside a larger transaction. */
export async function changePersonIn(
  write: ConfigWrite,
  id: string,
  change: PersonChange,
): Promise<Result<Person, Refusal>> {
  const { tx, keys, actor } = write;
  await lockPeople(tx);
  const before = await tx.person.findUnique({ where: { id } });
  if (before === null) return err<Refusal>({ code: 'not-found' });
  const roles = change.roles === undefined ? before.roles : [...new Set(change.roles)].sort();
  const status = change.status ?? before.status;
  const groups = change.groups === undefined ? before.groups : [...change.groups];
  const isSolo = (await readSeparation(tx)) === 'solo';
  await tx.person.update({ where: { id }, data: { roles, status, groups } });
  if (groups.some((group) => !before.groups.includes(group)))
    await rememberWho(tx, { by: personIdOf(actor), id, isSolo });
  const reviewedBefore = before.status === 'active' && before.roles.includes('reviewer');
  if (reviewedBefore && !(status === 'active' && roles.includes('reviewer')))
    await rememberShutOut(tx, { id, by: personIdOf(actor) });
  const gains = roles.some((role) => !before.roles.includes(role));
  const returns = status === 'active' && before.status !== 'active';
  if (gains || returns) {
    await tiePerson(tx, keys, {
      personId: id,
      by: personIdOf(actor),
      why: gains ? 'roles' : 'enabled',
      reviewedBefore,
    });
  }
  if ((await countAdmins(tx)) === 0) return err<Refusal>({ code: 'last-admin' });
  if (status === 'disabled') await revokeSessionsOf(tx, id);
  else await notify(tx, 'cs_session', { personId: id });
  await bumpConfig(tx, 'people', id);
  await recordEvent(tx, keys, {
    type: 'person.changed',
    actor: auditActor(actor),
    detail: {
      person: id,
      email: before.email,
      roles: roles.join(' '),
      rolesBefore: before.roles.join(' '),
      status,
      statusBefore: before.status,
      groups: groups.join(' '),
    },
  });
  const after = await readPerson(tx, id);
  return after === null ? err<Refusal>({ code: 'not-found' }) : ok(after);
}
