// Server-only.
import type { Group } from '#lib/contracts/groups.ts';
import { groupMappingsSchema } from '#lib/contracts/sso.ts';
import type { Rule } from '#lib/core/policies/rule.ts';
import type { Tx } from '../db/tx.ts';
import { readInForce } from '../policies/policy-rows.ts';

/**
 * Every group there is: one that somebody is in, or that a rule, break-glass or a mapping names. One that is asked for and has
 * nobody in it is among them, because its requests can never be decided.
 */
export async function listGroups(tx: Tx): Promise<{ readonly items: readonly Group[]; readonly nextCursor: null }> {
  const [people, { rules }, settings, signIn] = await Promise.all([
    tx.person.findMany({ orderBy: [{ name: 'asc' }, { email: 'asc' }] }),
    readInForce(tx),
    tx.settings.findUniqueOrThrow({ where: { id: 1 } }),
    tx.signInSettings.findUniqueOrThrow({ where: { id: 1 } }),
  ]);
  const mappings = groupMappingsSchema.parse(signIn.mappings);
  const names = new Set([
    ...people.flatMap((person) => person.groups),
    ...rules.flatMap(groupsIn),
    ...mappings.flatMap((mapping) => mapping.groups),
    ...(settings.breakGlassEnabled ? [settings.breakGlassGroup] : []),
  ]);
  const items = [...names].sort().map((name) => ({
    name,
    members: people
      .filter((person) => person.groups.includes(name))
      .map((person) => ({
        id: person.id,
        name: person.name,
        email: person.email,
        roles: person.roles,
        active: person.status === 'active',
        fromProvider: person.ssoGroups.includes(name),
      })),
    rules: rules.filter((rule) => groupsIn(rule).includes(name)).map((rule) => rule.name),
    breakGlass: settings.breakGlassEnabled && settings.breakGlassGroup === name,
    mappings: mappings.filter((mapping) => mapping.groups.includes(name)).map((mapping) => mapping.claim),
  }));
  return { items, nextCursor: null };
}

/** The groups that a rule asks, at first or later. */
function groupsIn(rule: Rule): readonly string[] {
  return [
    ...(rule.from ?? []),
    ...(rule.factors ?? []).flatMap((factor) => factor.groups),
    ...(rule.escalate ?? []).flatMap((step) => step.groups),
  ];
}
