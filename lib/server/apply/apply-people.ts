// Server-only.
import { ok } from '#lib/core/result.ts';
import { changePersonIn } from '../people/change-person.ts';
import { invitePersonIn } from '../people/create-link.ts';
import { type ApplyRun, at, type Step } from './apply-run.ts';
import type { ConfigFile } from './config-file.ts';

/**
 * Makes people so: whoever is here gets exactly the roles (and groups, where given) of the file, whoever is not gets an
 * invitation. An open invitation that says the same is left alone. Nobody is removed; `status: disabled` locks out.
 */
export async function applyPeople(run: ApplyRun, people: NonNullable<ConfigFile['people']>): Promise<Step> {
  const { tx } = run.write;
  for (const [index, wanted] of people.entries()) {
    const path = ['people', index];
    const person = await tx.person.findUnique({ where: { email: wanted.email } });
    if (person === null) {
      if (wanted.status === 'disabled' || (await isInvited(run, wanted))) continue;
      const groups = wanted.groups ?? [];
      const invited = await invitePersonIn(run.write, run.consoleUrl, {
        email: wanted.email,
        roles: [...new Set(wanted.roles)].sort(),
        groups,
      });
      if (!invited.ok) return at(path, invited.error);
      run.invitations.push({ email: wanted.email, ...invited.value });
      run.changes.push({ kind: 'add', what: 'person', name: wanted.email, fields: ['roles', 'groups'] });
      continue;
    }
    const fields = [
      ...(sameSet(person.roles, wanted.roles) ? [] : ['roles']),
      ...(wanted.groups === undefined || sameSet(person.groups, wanted.groups) ? [] : ['groups']),
      ...(wanted.status === undefined || person.status === wanted.status ? [] : ['status']),
    ];
    if (fields.length === 0) continue;
    const { roles, groups, status } = wanted;
    const changed = await changePersonIn(run.write, person.id, { roles, groups, status });
    if (!changed.ok) return at(path, changed.error);
    run.changes.push({ kind: 'change', what: 'person', name: wanted.email, fields });
  }
  return ok(null);
}

type Wanted = NonNullable<ConfigFile['people']>[number];

async function isInvited(run: ApplyRun, wanted: Wanted): Promise<boolean> {
  const { tx, now } = run.write;
  const open = await tx.oneTimeLink.findFirst({
    where: { kind: 'invite', email: wanted.email, usedAt: null, expiresAt: { gt: now } },
  });
  return open !== null && sameSet(open.roles, wanted.roles) && sameSet(open.groups, wanted.groups ?? []);
}

function sameSet(a: readonly string[], b: readonly string[]): boolean {
  const left = new Set(a);
  const right = new Set(b);
  return left.size === right.size && [...left].every((one) => right.has(one));
}
