// Grants at the gateway: what passes without asking, and what asks all the same.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { Client } from '@modelcontextprotocol/sdk/client/index.js';
import type { Grant } from '#lib/contracts/grants.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Gateway } from '#lib/server/gateway/start-gateway.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { revokeGrant } from '#lib/server/grants/revoke-grant.ts';
import { voidUnfitGrants } from '#lib/server/grants/sweep-grants.ts';
import { voteGrant } from '#lib/server/grants/vote-grant.ts';
import { scanServer } from '#lib/server/servers/scan-server.ts';
import { changeTool } from '#lib/server/servers/tag-tool.ts';
import { type RecordingUpstream, startRecordingUpstream } from '#tests/fakes/recording-upstream.ts';
import {
  acceptUpstream,
  agentWithToken,
  connectClient,
  eventually,
  rawCall,
  recordOf,
  startTestGateway,
} from '#tests/fixtures/gateway.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';
import { addReviewer, letVoteFor } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let upstream: RecordingUpstream;
let gateway: Gateway;
let client: Client;
let token: string;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let dora: HumanPrincipal;

before(async () => {
  at = await openInstallation();
  ben = await addReviewer(at, 'ben', 'ops');
  cleo = await addReviewer(at, 'cleo', 'law');
  dora = await addPerson(at, 'dora', ['admin']);
  upstream = await startRecordingUpstream();
  await acceptUpstream(at, 'files', upstream, { echo: 'high', slow: 'high', broken: 'medium' });
  // Longer ago than the 24 hours in which whoever tagged may not approve.
  await at.prisma.tool.updateMany({ data: { taggedAt: new Date(Date.now() - 48 * 3_600_000) } });
  // Five seconds are the margin that the gateway keeps; what is left of the operator's timeout is next to nothing.
  ({ token } = await agentWithToken(at, { name: 'bot', servers: ['files'], requestTimeoutMs: 5_200 }, '/mcp/files'));
  gateway = await startTestGateway(at);
  client = await connectClient(gateway, '/mcp/files', token);
});
after(async () => {
  await client?.close();
  await gateway?.close();
  await upstream?.close();
  await at?.close();
});
beforeEach(async () => {
  await at.prisma.grant.updateMany({
    where: { status: { in: ['pending', 'active'] } },
    data: { status: 'revoked' },
  });
  await at.prisma.approvalRequest.updateMany({
    where: { status: { in: ['pending', 'approved'] } },
    data: { status: 'withdrawn' },
  });
});

const deps = () => ({ ...at, consoleUrl: CONSOLE_URL });

async function propose(by: HumanPrincipal, more: Partial<Parameters<typeof proposeGrant>[2]> = {}) {
  const input = { agent: 'bot', server: 'files', tool: 'echo', minutes: 30, maxUses: 10, reason: 'a test' };
  return proposeGrant(at, by, { ...input, ...more });
}

/** A grant that Ben gave alone, known to the gateway. */
async function granted(more: Partial<Parameters<typeof proposeGrant>[2]> = {}): Promise<Grant> {
  const made = await propose(ben, more);
  assert.ok(made.ok, JSON.stringify(made));
  assert.equal(made.value.status, 'active');
  return made.value;
}

/** Calls and tells what came of it: `ran`, or the code. */
async function call(args: Record<string, unknown>, tool = 'echo'): Promise<string> {
  const before = upstream.calls.length;
  const answer = await client.callTool({ name: tool, arguments: args });
  if (upstream.calls.length > before) return 'ran';
  return recordOf(answer).code;
}

/** The gateway hears of grants and policies by notification: some milliseconds later. */
const soon = (what: string, args: Record<string, unknown>, code: string, tool?: string) =>
  eventually(what, async () => (await call(args, tool)) === code);
const usesOf = async (grant: Grant) => (await at.prisma.grant.findUniqueOrThrow({ where: { id: grant.id } })).uses;
const statusOf = async (grant: Grant) => (await at.prisma.grant.findUniqueOrThrow({ where: { id: grant.id } })).status;

test('a granted call runs without asking, is counted, and the log names the grant', async () => {
  assert.equal(await call({ n: 0 }), 'approval-pending', 'without a grant people are asked');
  const grant = await granted({ condition: 'args.n > 10' });
  await soon('the grant to be known', { n: 11 }, 'ran');
  assert.equal(await call({ n: 12 }), 'ran');
  assert.equal(await call({ n: 9 }), 'approval-pending', 'the condition is false');
  assert.equal(await call({ other: 1 }), 'approval-pending', 'a condition that errors is not met');
  assert.equal(await call({ n: 12 }, 'slow'), 'approval-pending', 'another tool');
  assert.equal(await usesOf(grant), 2);
  const events = await recordedEvents(at.prisma);
  const used = events.filter((event) => event.text.includes(`"grant":"${grant.id}"`));
  const types = used.map((event) => event.type);
  assert.equal(types.filter((type) => type === 'grant.used').length, 2);
  assert.equal(types.filter((type) => type === 'call.intent').length, 2);
});

test('a grant that is used up or taken back asks again', async () => {
  const grant = await granted({ maxUses: 1 });
  await soon('the grant to be known', { n: 1 }, 'ran');
  assert.equal(await call({ n: 2 }), 'approval-pending');
  assert.equal(await statusOf(grant), 'used_up');
  const next = await granted();
  await soon('the next grant to be known', { n: 3 }, 'ran');
  assert.equal((await revokeGrant(at, cleo, next.id)).ok, true, 'any reviewer takes it back');
  assert.equal(await call({ n: 4 }), 'approval-pending');
});

test('a call on behalf of whoever gave the grant asks somebody else', async () => {
  const grant = await granted();
  const decision = await agentWithToken(at, { name: 'hook', servers: ['files'] }, '/api/v1/calls');
  await at.prisma.grant.update({ where: { id: grant.id }, data: { status: 'revoked' } });
  const made = await propose(ben, { agent: 'hook' });
  assert.ok(made.ok && made.value.status === 'active', JSON.stringify(made));
  const ask = async (onBehalfOf?: string) => {
    const answer = await fetch(`http://127.0.0.1:${gateway.port}/api/v1/calls`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${decision.token}` },
      body: JSON.stringify({ server: 'files', tool: 'echo', arguments: { n: 1 }, onBehalfOf }),
    });
    const body: unknown = await answer.json();
    return typeof body === 'object' && body !== null && 'decision' in body ? body.decision : body;
  };
  await eventually('the gateway knows agent and grant', async () => (await ask()) === 'allow');
  assert.equal(await ask('Ben@example.com'), 'pending');
  assert.equal(await ask(ben.id), 'pending');
  assert.equal(await ask('cleo@example.com'), 'allow');
  await letVoteFor(at, cleo, ben);
  assert.equal(await ask('cleo@example.com'), 'pending', 'whose delegate gave it');
  assert.equal(await ask(), 'allow', 'the grant goes on for everybody else');
  await at.prisma.delegation.deleteMany();
});

test('nobody grants calls of their own agent, and no agent, server or tool is granted that does not fit', async () => {
  const own = await propose(at.admin);
  assert.ok(own.ok);
  assert.equal(own.value.status, 'pending', "the owner's proposal is no approval");
  assert.equal(own.value.quorum.approved, 0);
  const vote = await voteGrant(deps(), at.admin, {
    grantId: own.value.id,
    decision: 'approve',
    digest: own.value.digest,
  });
  assert.equal(vote.ok ? '' : vote.error.code, 'self-approval');
  const stale = await voteGrant(deps(), ben, { grantId: own.value.id, decision: 'approve', digest: '0'.repeat(64) });
  assert.equal(stale.ok ? '' : stale.error.code, 'stale-digest');
  const given = await voteGrant(deps(), ben, { grantId: own.value.id, decision: 'approve', digest: own.value.digest });
  assert.equal(given.ok ? given.value.status : '', 'active');
  const refused = async (more: Parameters<typeof propose>[1], by = ben) => {
    const made = await propose(by, more);
    return made.ok ? made.value.status : made.error.code;
  };
  assert.equal(await refused({ agent: 'nobody' }), 'not-found');
  assert.equal(await refused({ server: 'nothing' }), 'not-found');
  assert.equal(await refused({ tool: 'nothing' }), 'not-found');
  assert.equal(await refused({ condition: 'args.n >' }), 'invalid-request');
  assert.equal(await refused({}, { ...dora, roles: ['security'] }), 'not-allowed');
  assert.equal(await refused({}, dora), 'pending', 'an admin proposes, reviewers decide');
});

test('a denied grant never begins, and one that was proposed from a request leaves the request waiting', async () => {
  assert.equal(await call({ n: 70 }), 'approval-pending');
  const request = await at.prisma.approvalRequest.findFirstOrThrow({ where: { status: 'pending' } });
  const made = await propose(dora, { requestId: request.id });
  assert.ok(made.ok, JSON.stringify(made));
  const { id: grantId, digest } = made.value;
  const denied = await voteGrant(deps(), cleo, { grantId, decision: 'deny', digest });
  assert.equal(denied.ok ? denied.value.status : '', 'denied');
  const late = await voteGrant(deps(), ben, { grantId, decision: 'approve', digest });
  assert.equal(late.ok ? '' : late.error.code, 'already-decided');
  await granted({ requestId: request.id });
  assert.equal((await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } })).status, 'pending');
  const wrong = await propose(ben, { requestId: request.id, tool: 'slow' });
  assert.equal(wrong.ok ? '' : wrong.error.code, 'invalid-request', 'a request about another tool');
});

test('whom the agent’s owner has delegated to may not approve a grant, and may deny it', async () => {
  const made = await propose(dora);
  assert.ok(made.ok, JSON.stringify(made));
  const { id: grantId, digest } = made.value;
  await letVoteFor(at, at.admin, cleo);
  const approved = await voteGrant(deps(), cleo, { grantId, decision: 'approve', digest });
  assert.equal(approved.ok ? 'approved' : approved.error.code, 'self-approval');
  const own = await voteGrant(deps(), at.admin, { grantId, decision: 'deny', digest });
  assert.equal(own.ok ? 'denied' : own.error.code, 'self-approval', 'the owner picks neither way');
  const denied = await voteGrant(deps(), cleo, { grantId, decision: 'deny', digest });
  assert.equal(denied.ok ? denied.value.status : denied.error.code, 'denied');
  await at.prisma.delegation.deleteMany();
});

test('a grant needs what the hold asks for: two people, of both groups', async () => {
  const two = rule('two', 'hold', {
    when: { tools: ['echo'] },
    factors: [
      { groups: ['ops'], count: 1 },
      { groups: ['law'], count: 1 },
    ],
  });
  await inForce(at, dora, at.admin, [two]);
  const made = await propose(ben);
  assert.ok(made.ok);
  assert.deepEqual([made.value.status, made.value.quorum.needed, made.value.quorum.approved], ['pending', 2, 1]);
  assert.equal(await call({ n: 1 }), 'approval-pending');
  const again = await voteGrant(deps(), ben, {
    grantId: made.value.id,
    decision: 'approve',
    digest: made.value.digest,
  });
  assert.equal(again.ok ? again.value.status : '', 'pending', 'one human fills one place');
  const second = await voteGrant(deps(), cleo, {
    grantId: made.value.id,
    decision: 'approve',
    digest: made.value.digest,
  });
  assert.equal(second.ok ? second.value.status : '', 'active');
  await soon('the grant to be known', { n: 2 }, 'ran');
});

test('a policy that asks for more, or denies, leaves the grant unused and the sweep says so', async () => {
  await inForce(at, dora, at.admin, []);
  const grant = await granted();
  await soon('the grant to be known', { n: 1 }, 'ran');
  await inForce(at, dora, at.admin, [rule('two', 'hold', { when: { tools: ['echo'] }, quorum: 2 })]);
  assert.equal(await call({ n: 2 }), 'approval-pending', 'judged by the policy in force, however new');
  assert.equal(await statusOf(grant), 'active');
  assert.equal(await voidUnfitGrants(at.prisma, at.keys, { seen: null }), 1);
  assert.equal(await statusOf(grant), 'void');
  await inForce(at, dora, at.admin, []);
  await granted();
  await soon('the next grant to be known', { n: 3 }, 'ran');
  await inForce(at, dora, at.admin, [rule('never', 'deny', { when: { tools: ['echo'] } })]);
  assert.equal(await call({ n: 4 }), 'denied-by-policy');
  const denied = await propose(ben);
  assert.equal(denied.ok ? '' : denied.error.code, 'denied-by-policy');
  await inForce(at, dora, at.admin, []);
});

test('a step-up that the hold asks for is asked of the grant', async () => {
  await inForce(at, dora, at.admin, [rule('proven', 'hold', { when: { tools: ['echo'] }, stepUp: 'passkey' })]);
  const made = await propose(ben);
  assert.ok(made.ok);
  assert.deepEqual([made.value.status, made.value.stepUp, made.value.quorum.approved], ['pending', 'passkey', 0]);
  const { id: grantId, digest } = made.value;
  const bare = await voteGrant(deps(), ben, { grantId, decision: 'approve', digest });
  assert.equal(bare.ok ? '' : bare.error.code, 'step-up-required');
  const forged = await voteGrant(deps(), ben, { grantId, decision: 'approve', digest, assertion: { id: 'x' } });
  assert.equal(forged.ok ? '' : forged.error.code, 'step-up-failed');
  await inForce(at, dora, at.admin, []);
});

test('a tool that was tagged higher than the grant reaches asks again', async () => {
  const grant = await granted({ tool: 'broken' });
  assert.equal(grant.tier, 'medium');
  await soon('the grant to be known', { n: 1 }, 'ran', 'broken');
  const tagged = await changeTool(at, at.admin, 'files', 'broken', { tier: 'high', reason: 'worse than thought' });
  assert.ok(tagged.ok);
  await soon('the tag to be known', { n: 2 }, 'approval-pending', 'broken');
  await voidUnfitGrants(at.prisma, at.keys, { seen: null });
  assert.equal(await statusOf(grant), 'void');
});

test('a definition that changes ends the grants for it, in the transaction that finds it (T11)', async () => {
  const grant = await granted();
  await soon('the grant to be known', { n: 1 }, 'ran');
  upstream.tools = upstream.tools.map((one) =>
    one.name === 'echo' ? { ...one, description: 'Says it back, to somebody else.' } : one,
  );
  const scanned = await scanServer(at, at.admin, 'files');
  assert.ok(scanned.ok);
  assert.equal(await statusOf(grant), 'void');
  await soon('the drift to be known', { n: 2 }, 'tool-quarantined');
  assert.equal((await rawCall(gateway, '/mcp/files', token, { id: 1, method: 'ping' })).status, 200);
});
