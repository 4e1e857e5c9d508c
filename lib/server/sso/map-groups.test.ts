import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { ROLES } from '#lib/core/identity/principals.ts';
import { givenBy, groupsIn, regive } from './map-groups.ts';

const MAPPINGS = [
  { claim: 'sec-team', roles: ['security'] as const, groups: ['platform-team'] },
  { claim: 'leads', roles: ['reviewer', 'admin'] as const, groups: ['platform-team', 'leads'] },
].map(({ claim, roles, groups }) => ({ claim, roles: [...roles], groups }));

test('groups give what their mappings say, together, and a name must be the same byte for byte', () => {
  const given = givenBy(MAPPINGS, ['leads', 'sec-team', 'unknown']);
  assert.deepEqual(given, { roles: ['admin', 'reviewer', 'security'], groups: ['leads', 'platform-team'] });
  for (const near of ['Leads', 'leads ', 'lead', 'leads2']) {
    assert.deepEqual(givenBy(MAPPINGS, [near]), { roles: [], groups: [] });
  }
});

test('a claim that is no list of texts is no group', () => {
  assert.deepEqual(groupsIn(['a', 1, null, 'b']), ['a', 'b']);
  assert.deepEqual(groupsIn('a'), ['a']);
  for (const value of [undefined, null, 7, { 0: 'a' }, true]) assert.deepEqual(groupsIn(value), []);
});

test('what a group gave goes with it; what an admin gave stays, also where both gave the same', () => {
  const byHand = { roles: ['reviewer'] as const, groups: ['night-shift'], ssoRoles: [], ssoGroups: [] };
  const both = regive(byHand, givenBy(MAPPINGS, ['leads']));
  assert.deepEqual(both.roles, ['admin', 'reviewer']);
  assert.deepEqual(both.ssoRoles, ['admin']);
  const gone = regive(both, givenBy(MAPPINGS, []));
  assert.deepEqual(gone, { roles: ['reviewer'], groups: ['night-shift'], ssoRoles: [], ssoGroups: [] });
});

test('however often groups come and go, nothing is left of them, and the same groups change nothing twice', () => {
  const roles = fc.subarray([...ROLES]);
  const groups = fc.subarray(['platform-team', 'leads', 'night-shift']);
  const at = fc.array(fc.subarray(['sec-team', 'leads']), { maxLength: 6 });
  fc.assert(
    fc.property(roles, groups, at, (ownRoles, ownGroups, visits) => {
      const start = { roles: ownRoles, groups: ownGroups, ssoRoles: [], ssoGroups: [] };
      let held = regive(start, givenBy(MAPPINGS, []));
      for (const visit of visits) {
        held = regive(held, givenBy(MAPPINGS, visit));
        assert.deepEqual(regive(held, givenBy(MAPPINGS, visit)), held);
      }
      const last = regive(held, givenBy(MAPPINGS, []));
      assert.deepEqual(
        [[...last.roles].sort(), [...last.groups].sort()],
        [[...ownRoles].sort(), [...ownGroups].sort()],
      );
    }),
  );
});
