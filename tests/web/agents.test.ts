// Other agents' ids, sessions, keys and tokens, and made-up ones, asked for over HTTP by everybody (T39).
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Role } from '#lib/core/identity/principals.ts';
import { issueToken } from '#lib/server/agents/issue-token.ts';
import { makeAgent } from '#tests/fixtures/agents.ts';
import { type RunningConsole, startConsole, type Visitor, visit } from '#tests/fixtures/console.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

const NOWHERE = '01900000-0000-7000-8000-000000000000';
const ROLES: readonly Role[] = ['admin', 'reviewer', 'security'];
const SESSION = 'a-session-of-bot';

let at: Installation;
let running: RunningConsole;
let bot: { readonly id: string; readonly keyId: string };
let other: { readonly id: string; readonly keyId: string };
let tokenOfBot = '';
const people = new Map<Role, Visitor>();
before(async () => {
  at = await openInstallation();
  running = await startConsole(at);
  bot = await makeAgent(at, { name: 'bot' });
  other = await makeAgent(at, { name: 'other' });
  const issued = await issueToken(at, at.admin, 'bot', { audience: '/api/v1/calls', ttlS: 3600 });
  assert.ok(issued.ok);
  tokenOfBot = issued.value.id;
  await at.prisma.sessionTaint.create({
    data: { agentId: bot.id, sessionKey: SESSION, source: 'files__steps', callId: NOWHERE },
  });
  for (const role of ROLES) {
    await addPerson(at, `only-${role}`, [role]);
    const visitor = visit(running);
    assert.equal((await visitor.signIn(`only-${role}@example.com`)).status, 200);
    people.set(role, visitor);
  }
});
after(async () => {
  await running?.stop();
  await at?.close();
});

/** What of one agent is asked for in the name of another, and what is nobody's: pairs that must be answered alike. */
function pairs(): readonly (readonly [method: string, foreign: string, made: string, body?: object])[] {
  const base = `/api/v1/agents/${other.id}`;
  const reason = { reason: 'to see what is answered' };
  return [
    ['DELETE', `${base}/keys/${bot.keyId}`, `${base}/keys/${NOWHERE}`],
    ['DELETE', `${base}/tokens/${tokenOfBot}`, `${base}/tokens/${NOWHERE}`],
    ['POST', `${base}/sessions/${SESSION}/quarantine`, `${base}/sessions/never-seen/quarantine`, reason],
    ['POST', `${base}/sessions/${SESSION}/lift`, `${base}/sessions/never-seen/lift`, reason],
    ['POST', `/api/v1/agents/${tokenOfBot}/revoke`, `/api/v1/agents/${NOWHERE}/revoke`, reason],
    ['POST', `/api/v1/agents/${bot.keyId}/rotate`, `/api/v1/agents/${NOWHERE}/rotate`, { overlapS: 0 }],
  ];
}

/** An answer without what differs from request to request. */
type Asked = { readonly status: number; readonly code: string; readonly text: string };
async function asked(by: Visitor, method: string, path: string, body?: object): Promise<Asked> {
  const { status, text, code } = await by.send(method, path, body === undefined ? {} : { body });
  return { status, code, text: text.replaceAll(/[0-9a-f]{8}-[0-9a-f-]{27}/g, '<id>').replaceAll(path, '<path>') };
}

async function standing() {
  const { prisma } = at;
  return {
    agents: await prisma.agent.findMany({
      orderBy: { id: 'asc' },
      select: { id: true, status: true, tokenEpoch: true },
    }),
    keys: await prisma.agentKey.findMany({
      orderBy: { id: 'asc' },
      select: { id: true, revokedAt: true, notAfter: true },
    }),
    tokens: await prisma.agentToken.findMany({ orderBy: { id: 'asc' }, select: { id: true, revokedAt: true } }),
    quarantines: await prisma.sessionQuarantine.count(),
  };
}

test('what belongs to another agent and what never was are refused alike to every role, and nothing changes (T39)', async () => {
  const before = await standing();
  for (const role of ROLES) {
    const visitor = people.get(role);
    assert.ok(visitor !== undefined);
    for (const [method, foreign, made, body] of pairs()) {
      const one = await asked(visitor, method, foreign, body);
      const two = await asked(visitor, method, made, body);
      assert.deepEqual(one, two, `${method} ${foreign} as ${role}`);
      assert.ok(one.status === 404 || one.status === 403, `${method} ${foreign} as ${role}: ${one.status} ${one.code}`);
    }
  }
  assert.deepEqual(await standing(), before);
});

test('strangers learn nothing of what is there', async () => {
  for (const [method, foreign, made, body] of pairs()) {
    const one = await asked(visit(running), method, foreign, body);
    const two = await asked(visit(running), method, made, body);
    assert.deepEqual(one, two, `${method} ${foreign}`);
    assert.equal(one.status, 401, `${method} ${foreign}`);
  }
});

test('in its own agent each of them is found, so that the refusals above were for the owner', async () => {
  const admin = people.get('admin');
  assert.ok(admin !== undefined);
  const base = `/api/v1/agents/${bot.id}`;
  const reason = { reason: 'looked wrong' };
  for (const [method, path, body] of [
    ['POST', `${base}/sessions/${SESSION}/quarantine`, reason],
    ['POST', `${base}/sessions/${SESSION}/lift`, reason],
    ['DELETE', `${base}/tokens/${tokenOfBot}`],
    ['DELETE', `${base}/keys/${bot.keyId}`],
  ] as const) {
    const answer = await asked(admin, method, path, body);
    assert.ok(answer.status < 300, `${method} ${path}: ${answer.status} ${answer.text}`);
  }
});
