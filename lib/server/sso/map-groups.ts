// Server-only. From the provider's groups to roles and groups here. Pure.
import type { GroupMapping } from '#lib/contracts/sso.ts';
import { ROLES, type Role } from '#lib/core/identity/principals.ts';

export type Given = { readonly roles: readonly Role[]; readonly groups: readonly string[] };
/** What a person has, and which part of it the provider gave last time. */
export type Held = Given & { readonly ssoRoles: readonly Role[]; readonly ssoGroups: readonly string[] };

const MOST_GROUPS = 1000;

/** The groups in a claim: a list of texts, or one text. Anything else is no group at all. */
export function groupsIn(claim: unknown): readonly string[] {
  if (typeof claim === 'string') return [claim];
  if (!Array.isArray(claim)) return [];
  return claim.filter((one): one is string => typeof one === 'string').slice(0, MOST_GROUPS);
}

/** What the mappings give to whoever is in these groups of the provider. Names are compared byte by byte. */
export function givenBy(mappings: readonly GroupMapping[], groups: readonly string[]): Given {
  const matching = mappings.filter((mapping) => groups.includes(mapping.claim));
  return {
    roles: ROLES.filter((role) => matching.some((mapping) => mapping.roles.includes(role))),
    groups: [...new Set(matching.flatMap((mapping) => mapping.groups))].sort(),
  };
}

/**
 * What a person has after a sign-in: what an admin gave stays, what the provider gave last time goes, what it gives now
 * comes. Only what nobody else gave is remembered as the provider's, so that it alone can be taken away again.
 */
export function regive(held: Held, given: Given): Held {
  const ownRoles = held.roles.filter((role) => !held.ssoRoles.includes(role));
  const ownGroups = held.groups.filter((group) => !held.ssoGroups.includes(group));
  return {
    roles: ROLES.filter((role) => ownRoles.includes(role) || given.roles.includes(role)),
    groups: [...new Set([...ownGroups, ...given.groups])],
    ssoRoles: given.roles.filter((role) => !ownRoles.includes(role)),
    ssoGroups: given.groups.filter((group) => !ownGroups.includes(group)),
  };
}
