import assert from 'node:assert/strict';
import { test } from 'node:test';
import { agentCreateSchema, agentPatchSchema } from './agents.ts';

test('a patch of an agent says nothing about the members it leaves out', () => {
  assert.deepEqual(agentPatchSchema.parse({}), {});
  assert.deepEqual(agentPatchSchema.parse({ pendingCap: 5 }), { pendingCap: 5 });
});

test('an agent can be patched in every member it is created with, but its name', () => {
  const { name: _, ...creatable } = agentCreateSchema.shape;
  assert.deepEqual(Object.keys(agentPatchSchema.shape).sort(), Object.keys(creatable).sort());
  assert.equal(agentPatchSchema.safeParse({ name: 'other' }).success, false);
});
