// Server-only. A group is its members: it begins with the first and is gone with the last, unless something still names it.
import type { GroupPatch } from '#lib/contracts/groups.ts';
import type { Refusal } from '#lib/contracts/problems.ts';
import type { ConfigActor } from '#lib/core/identity/principals.ts';
import { ok, type Result } from '#lib/core/result.ts';
import { type ConfigDeps, type ConfigWrite, refuse, writeConfig } from '../db/config-write.ts';
import { changePersonIn } from '../people/change-person.ts';
import { lockPeople } from '../people/lock-people.ts';

/** Begins a group with its first members. Refuses a name that somebody is in already: that would be a change unseen. */
export function createGroup(
  deps: ConfigDeps,
  actor: ConfigActor,
  input: { readonly name: string; readonly memberIds: readonly string[] },
): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, async (write) => {
    await lockPeople(write.tx);
    const present = await write.tx.person.count({ where: { groups: { has: input.name } } });
    if (present > 0) return refuse('name-taken', 'There is a group of this name already.');
    return move(write, input.name, { add: [...input.memberIds], remove: [] });
  });
}

/** Takes people into a group and out of it, all or none. Each is a change of that person, recorded and bound as one. */
export function changeGroup(
  deps: ConfigDeps,
  actor: ConfigActor,
  name: string,
  patch: GroupPatch,
): Promise<Result<true, Refusal>> {
  return writeConfig(deps, actor, async (write) => {
    await lockPeople(write.tx);
    return move(write, name, patch);
  });
}

async function move(write: ConfigWrite, name: string, patch: GroupPatch): Promise<Result<true, Refusal>> {
  const ids = [...new Set([...patch.add, ...patch.remove])];
  const people = await write.tx.person.findMany({ where: { id: { in: ids } } });
  if (people.length < ids.length) return refuse('not-found', 'One of these people is not there any more.');
  for (const person of people) {
    const joins = patch.add.includes(person.id) && !patch.remove.includes(person.id);
    if (joins === person.groups.includes(name)) continue;
    const others = person.groups.filter((group) => group !== name);
    const changed = await changePersonIn(write, person.id, { groups: joins ? [...person.groups, name] : others });
    if (!changed.ok) return changed;
  }
  return ok(true);
}
