import assert from 'node:assert/strict';
import { test } from 'node:test';
import { auditActor, personIdOf } from './audit-actor.ts';
import type { AgentPrincipal, HumanPrincipal } from './principals.ts';

const human: HumanPrincipal = {
  kind: 'human',
  id: '0197a1b2-0000-7000-8000-0000000000a1',
  name: 'Ana',
  email: 'ana@example.com',
  roles: ['admin'],
  sessionId: '0197a1b2-0000-7000-8000-0000000000b1',
  reauthAt: new Date(0),
};
const agent: AgentPrincipal = {
  kind: 'agent',
  id: '0197a1b2-0000-7000-8000-0000000000c1',
  name: 'bot',
  ownerId: human.id,
  audience: '/mcp',
  client: 'sdk',
  requestTimeoutMs: null,
  pendingCap: 20,
  aggregate: true,
  tokenEpoch: 0,
};
const operator = { kind: 'operator', name: 'root' } as const;

test('the log names who did it by what they are', () => {
  assert.deepEqual(auditActor('system'), { type: 'system', id: 'countersign', name: 'countersign' });
  assert.deepEqual(auditActor(human), { type: 'person', id: human.id, name: 'Ana' });
  assert.deepEqual(auditActor(agent), { type: 'agent', id: agent.id, name: 'bot' });
  assert.deepEqual(auditActor(operator), { type: 'operator', id: 'root', name: 'root' });
});

test('only a human has a row to be named by', () => {
  assert.equal(personIdOf(human), human.id);
  assert.equal(personIdOf(operator), null);
  assert.equal(personIdOf('system'), null);
});
