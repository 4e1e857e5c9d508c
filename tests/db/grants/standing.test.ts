// Who gave a grant must be somebody who could still give it, for this very call, at the moment of each use.
import assert from 'node:assert/strict';
import { randomUUIDv7 } from 'node:crypto';
import { after, afterEach, before, test } from 'node:test';
import type { Grant } from '#lib/contracts/grants.ts';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { buildInboxRow } from '#lib/server/audit/record-event.ts';
import { createGrantSpender, type GrantSpender, type Spent } from '#lib/server/grants/grant-spender.ts';
import { proposeGrant } from '#lib/server/grants/propose-grant.ts';
import { voteGrant } from '#lib/server/grants/vote-grant.ts';
import { createLog } from '#lib/server/log.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL } from '#tests/fixtures/people.ts';
import { inForce, rule } from '#tests/fixtures/policies.ts';
import { addReviewer, letVoteFor, sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let spender: GrantSpender;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let pat: HumanPrincipal;
let dora: HumanPrincipal;

before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  // Longer ago than the 24 hours in which whoever tagged may not approve.
  await at.prisma.tool.updateMany({ data: { taggedAt: new Date(Date.now() - 48 * 3_600_000) } });
  spender = createGrantSpender(at.url, createLog('silent', 'gateway'));
  ben = await addReviewer(at, 'ben', 'sec');
  cleo = await addReviewer(at, 'cleo', 'ops');
  pat = await addReviewer(at, 'pat');
  dora = await addPerson(at, 'dora', ['admin']);
});
after(async () => {
  await spender?.close();
  await held?.close();
  await at?.close();
});
afterEach(async () => {
  await at.prisma.delegation.deleteMany();
  await at.prisma.person.update({ where: { id: ben.id }, data: { groups: ['sec'], subject: null } });
  await at.prisma.person.update({ where: { id: pat.id }, data: { subject: null } });
  await inForce(at, dora, at.admin, []);
});

const deps = () => ({ ...at, consoleUrl: CONSOLE_URL });
const exec = { agent: 'runner', server: 'host', tool: 'exec', minutes: 30, maxUses: 5, reason: 'a test' };

async function proposed(by: HumanPrincipal, more: Partial<Parameters<typeof proposeGrant>[2]> = {}): Promise<Grant> {
  const made = await proposeGrant(at, by, { ...exec, ...more });
  assert.ok(made.ok, JSON.stringify(made));
  return made.value;
}

async function approved(by: HumanPrincipal, { id: grantId, digest }: Grant): Promise<Grant> {
  const voted = await voteGrant(deps(), by, { grantId, digest, decision: 'approve' });
  assert.ok(voted.ok, JSON.stringify(voted));
  return voted.value;
}

/** Uses in one batch, each for somebody or nobody. */
async function spend(grant: Grant, ...onBehalfOf: (string | null)[]): Promise<readonly Spent['kind'][]> {
  const tool = await at.prisma.tool.findFirstOrThrow({ where: { name: 'exec' }, include: { server: true } });
  const policy = await at.prisma.policyVersion.aggregate({ where: { status: 'published' }, _max: { version: true } });
  const { epoch } = await at.prisma.killHead.findUniqueOrThrow({ where: { id: 1 } });
  const row = (type: 'grant.used' | 'grant.ended') =>
    buildInboxRow({ type, actor: { type: 'agent', id: 'a', name: 'runner' }, callId: randomUUIDv7() }, at.keys);
  const spent = await Promise.all(
    onBehalfOf.map((human) =>
      spender.spend({
        grantId: grant.id,
        tool: 'exec',
        toolDigest: tool.acceptedDigest ?? '',
        serverConfigHash: tool.server.configHash,
        tier: tool.tier,
        actionClass: tool.actionClass,
        onBehalfOf: human,
        knownEpoch: epoch,
        policyVersion: policy._max.version ?? 0,
        rows: [row('grant.used')],
        ended: () => row('grant.ended'),
      }),
    ),
  );
  return spent.map((one) => one.kind);
}
const usesOf = async (grant: Grant) => (await at.prisma.grant.findUniqueOrThrow({ where: { id: grant.id } })).uses;

test('a grant given by the delegate of whom a call is made for does not cover that call, and covers every other', async () => {
  await letVoteFor(at, pat, ben);
  const request = await held.hold({ onBehalfOf: pat.email });
  assert.equal(await sayOn(at, ben, request, 'approve'), 'self-approval', 'the request itself refuses the delegate');
  const grant = await proposed(ben, { requestId: request.id });
  assert.equal(grant.status, 'active');
  const humans = [pat.email, ` ${pat.email.toUpperCase()} `, pat.id, null, cleo.email];
  assert.deepEqual(await spend(grant, ...humans), ['gone', 'gone', 'gone', 'spent', 'spent']);
  assert.equal(await usesOf(grant), 2);
});

test('a grant given by another account of the human whom a call is made for does not cover that call', async () => {
  const grant = await proposed(ben);
  assert.deepEqual(await spend(grant, pat.email), ['spent']);
  for (const { id } of [ben, pat]) await at.prisma.person.update({ where: { id }, data: { subject: 'one-human' } });
  assert.deepEqual(await spend(grant, pat.email, null), ['gone', 'spent']);
  assert.deepEqual(await spend(grant, ben.email), ['gone']);
});

test('calls that a grant does not cover use nothing up, whatever they are batched with', async () => {
  const grant = await proposed(ben, { maxUses: 2 });
  const spent = await spend(grant, null, ...Array<string>(20).fill(ben.email), null, null);
  assert.deepEqual(
    spent.filter((kind) => kind === 'spent'),
    ['spent', 'spent'],
  );
  assert.deepEqual([spent[0], spent.at(-2), spent.at(-1)], ['spent', 'spent', 'gone']);
  assert.equal(await usesOf(grant), 2);
});

test('a grant rests while its approver is out of the group that the hold asks for', async () => {
  await inForce(at, dora, at.admin, [rule('sec-only', 'hold', { when: { tools: ['exec'] }, from: ['sec'] })]);
  const grant = await approved(ben, await proposed(cleo));
  assert.equal(grant.status, 'active');
  assert.deepEqual(await spend(grant, null), ['spent']);
  await at.prisma.person.update({ where: { id: ben.id }, data: { groups: [] } });
  assert.deepEqual(await spend(grant, null), ['gone']);
  await at.prisma.person.update({ where: { id: ben.id }, data: { groups: ['sec'] } });
  assert.deepEqual(await spend(grant, null), ['spent']);
});

test('one human fills one place of a running grant, also once two approvers turn out to be one', async () => {
  const factors = [
    { groups: ['sec'], count: 1 },
    { groups: ['ops'], count: 1 },
  ];
  await inForce(at, dora, at.admin, [rule('both', 'hold', { when: { tools: ['exec'] }, factors })]);
  const grant = await approved(cleo, await proposed(ben));
  assert.equal(grant.status, 'active');
  assert.deepEqual(await spend(grant, null), ['spent']);
  for (const { id } of [ben, cleo]) await at.prisma.person.update({ where: { id }, data: { subject: 'one-human' } });
  assert.deepEqual(await spend(grant, null), ['gone']);
  await at.prisma.person.update({ where: { id: cleo.id }, data: { subject: null } });
});

test('votes on a grant age as the hold says, and one that had aged when it began never comes to count', async () => {
  const brief = rule('brief', 'hold', { when: { tools: ['exec'] }, quorum: 2, voteTtlS: 30 });
  await inForce(at, dora, at.admin, [brief]);
  const waiting = await proposed(ben);
  assert.deepEqual([waiting.status, waiting.quorum.approved], ['pending', 1]);
  await at.prisma.$executeRaw`UPDATE grant_votes SET cast_at = cast_at - interval '31 seconds'`;
  const second = await approved(cleo, waiting);
  assert.deepEqual([second.status, second.quorum.approved], ['pending', 1], 'the first vote has aged');
  const third = await approved(pat, waiting);
  assert.equal(third.status, 'active');
  assert.deepEqual(await spend(third, null), ['spent']);
  await at.prisma.$executeRaw`UPDATE grants SET activated_at = activated_at - interval '1 hour'`;
  await at.prisma.$executeRaw`UPDATE grant_votes SET cast_at = cast_at - interval '1 hour'`;
  assert.deepEqual(await spend(third, null), ['spent'], 'a running grant does not age with its votes');
  await at.prisma.person.update({ where: { id: pat.id }, data: { status: 'disabled' } });
  assert.deepEqual(await spend(third, null), ['gone'], 'the vote that had aged takes nobody’s place');
  await at.prisma.person.update({ where: { id: pat.id }, data: { status: 'active' } });
});
