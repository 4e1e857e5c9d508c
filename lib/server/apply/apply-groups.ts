// Server-only.
import { ok } from '#lib/core/result.ts';
import { changePersonIn } from '../people/change-person.ts';
import { lockPeople } from '../people/lock-people.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { ConfigFile } from './config-file.ts';

/**
 * Makes the members of each named group exactly those of the file; a group that is not named is left alone. Each is a change
 * of that person, recorded and bound as one. Whoever has not joined yet is refused by name: an invitation says its groups
 * under `people`.
 */
export async function applyGroups(run: ApplyRun, groups: NonNullable<ConfigFile['groups']>): Promise<Step> {
  if (groups.length === 0) return ok(null);
  const { tx } = run.write;
  await lockPeople(tx);
  for (const [index, { name, members }] of groups.entries()) {
    const path = ['groups', index];
    const people = await tx.person.findMany({
      where: { OR: [{ groups: { has: name } }, { email: { in: members } }] },
      orderBy: { email: 'asc' },
    });
    const missing = members.filter((email) => !people.some((person) => person.email === email));
    if (missing.length > 0) {
      const detail = `${missing.join(', ')} has not joined yet: give the groups of an invitation under people.`;
      return at([...path, 'members'], { code: 'not-found', detail });
    }
    const existed = people.some((person) => person.groups.includes(name));
    const moved = people.filter((person) => members.includes(person.email) !== person.groups.includes(name));
    for (const person of moved) {
      const others = person.groups.filter((group) => group !== name);
      const groupsNow = members.includes(person.email) ? [...person.groups, name] : others;
      const changed = await changePersonIn(run.write, person.id, { groups: groupsNow });
      if (!changed.ok) return at(path, changed.error);
    }
    if (moved.length > 0) {
      run.changes.push({ kind: existed ? 'change' : 'add', what: 'group', name, fields: ['members'] });
    }
  }
  return ok(null);
}
