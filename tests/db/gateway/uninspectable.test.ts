// A call that nobody can read asks for more people: at the door, at the vote, and when a draft is tried on what was called.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  recordOf,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';

const TWO = rule('two-people-for-unreadable', 'hold', { when: { inspectable: false }, quorum: 2 });

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;
let dora: HumanPrincipal;
let eve: HumanPrincipal;

before(async () => {
  at = await openInstallation();
  dora = await addPerson(at, 'dora', ['admin']);
  eve = await addPerson(at, 'eve', ['reviewer']);
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high' });
  await inForce(at, dora, at.admin, [TWO]);
  const { token } = await agentWithToken(
    at,
    { name: 'bot', servers: ['files'], requestTimeoutMs: 5_100, pendingCap: 50 },
    '/mcp/files',
  );
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});

/** The request that a call opens. */
async function held(args: Record<string, unknown>) {
  const { code, requestId } = recordOf(await client.callTool({ name: 'echo', arguments: args }));
  assert.equal(code, 'approval-pending');
  return at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: requestId ?? '' } });
}

for (const [what, args, quorum] of [
  ['a command that a parser reads', { command: 'ls -la /tmp' }, 1],
  ['a command that is computed', { command: 'eval "$NEXT"' }, 2],
  ['code', { code: 'import os; os.remove("x")' }, 2],
  ['SQL that is read', { sql: 'SELECT name FROM users WHERE id = 1' }, 1],
  ['SQL that no parser reads', { sql: 'DELTE FORM users' }, 2],
  ['arguments without any program', { title: 'a ticket', labels: ['a', 'b'] }, 1],
  ['an opaque command behind forty that are read', { commands: [...Array(40).fill('ls'), 'eval "$NEXT"'] }, 2],
] as const) {
  test(`${what} waits for ${quorum}`, async () => {
    const request = await held({ ...args });
    assert.equal(request.quorum, quorum);
    assert.deepEqual(request.matched, quorum === 2 ? [TWO.name] : []);
  });
}

test('a rule that came after the hold is met at the vote: one person is not enough any more', async () => {
  await inForce(at, dora, at.admin, []);
  let n = 0;
  const opaque = await eventually('the gateway knows that the rule is gone', async () => {
    const request = await held({ command: `eval "$LATER${n++}"` });
    return request.quorum === 1 && request;
  });
  const plain = await held({ command: 'ls later' });
  assert.deepEqual([opaque.quorum, plain.quorum], [1, 1]);
  await inForce(at, dora, at.admin, [TWO]);
  const vote = async ({ id, digest }: typeof opaque) => {
    const cast = await castVote(at, eve, { requestId: id, decision: 'approve', digest });
    assert.ok(cast.ok, JSON.stringify(cast));
    return (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;
  };
  assert.deepEqual([await vote(opaque), await vote(plain)], ['pending', 'approved']);
});
