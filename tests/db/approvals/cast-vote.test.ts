import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { claimRequest } from '#lib/server/approvals/claim-request.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addPerson(at, 'ben');
  cleo = await addPerson(at, 'cleo');
});
after(async () => {
  await held.close();
  await at.close();
});

type Held = { readonly id: string; readonly digest: string };
const vote = (who: HumanPrincipal, request: Held, decision: 'approve' | 'deny', digest = request.digest) =>
  castVote(at, who, { requestId: request.id, decision, digest });
/** The outcome of a vote in one word, and the state it left. */
const told = async (answer: ReturnType<typeof vote>) => {
  const result = await answer;
  return result.ok ? `${result.value.outcome} ${result.value.record.status}` : result.error.code;
};
const statusOf = async (id: string) => (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id } })).status;

test('one approval of somebody else decides a request that needs one', async () => {
  const request = await held.hold();
  assert.equal(await told(vote(ben, request, 'approve')), 'decided approved');
  const row = await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: request.id } });
  assert.equal(row.version, 2);
  assert.equal((row.approvedUntil?.getTime() ?? 0) - (row.decidedAt?.getTime() ?? 0), 900_000);
});

test('the votes and the decision are on record with voters, quorum and separation', async () => {
  const request = await held.hold();
  await vote(ben, request, 'approve');
  const events = (await recordedEvents(at.prisma)).filter((event) => event.text.includes(request.id));
  assert.deepEqual(
    events.map((event) => event.type),
    ['request.opened', 'vote.cast', 'request.approved'],
  );
  assert.match(events[2]?.text ?? '', new RegExp(`"approved":1,"needed":1,"voters":\\["${ben.id}"\\]`));
});

test('a digest that was not on the screen decides nothing, and the answer carries the fresh record (T01)', async () => {
  const request = await held.hold();
  const answer = await vote(ben, request, 'approve', 'f'.repeat(64));
  assert.ok(!answer.ok);
  assert.equal(answer.error.code, 'stale-digest');
  const record: unknown = answer.error.extra?.record;
  assert.match(JSON.stringify(record), new RegExp(request.digest));
  assert.equal(await statusOf(request.id), 'pending');
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 0);
});

test('the second of two who agree is told so and does not count; the one who disagrees is refused (T05)', async () => {
  const request = await held.hold();
  const both = await Promise.all([told(vote(ben, request, 'approve')), told(vote(cleo, request, 'approve'))]);
  assert.deepEqual(both.sort(), ['already approved', 'decided approved']);
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 1);
  const denied = await held.hold();
  assert.equal(await told(vote(ben, denied, 'deny')), 'decided denied');
  assert.equal(await told(vote(cleo, denied, 'deny')), 'already denied');
  assert.equal(await told(vote(cleo, denied, 'approve')), 'already-decided');
});

test('approve and deny at the same moment always end denied, in every order (T04)', async () => {
  const rounds = Number(process.env.VOTE_RACE_ROUNDS ?? 40);
  for (let round = 0; round < rounds; round++) {
    // Nobody reads the inbox here; the story of each record is looked for in it.
    if (round % 100 === 99) await at.prisma.auditInbox.deleteMany();
    const request = await held.hold();
    const approve = () => told(vote(ben, request, 'approve'));
    const deny = () => told(vote(cleo, request, 'deny'));
    const answers = await Promise.all(round % 2 === 0 ? [approve(), deny()] : [deny(), approve()]);
    assert.equal(await statusOf(request.id), 'denied', `round ${round}: ${answers.join(', ')}`);
    assert.ok(answers.includes('decided denied'));
  }
});

test('a deny beats an approval until the call is consumed', async () => {
  const request = await held.hold();
  assert.equal(await told(vote(ben, request, 'approve')), 'decided approved');
  assert.equal(await told(vote(cleo, request, 'deny')), 'decided denied');
  const ran = await held.hold();
  await vote(ben, ran, 'approve');
  await at.prisma.approvalRequest.update({
    where: { id: ran.id },
    data: { status: 'consumed', consumedAt: new Date() },
  });
  assert.equal(await told(vote(cleo, ran, 'deny')), 'already-decided');
});

test('the owner of the agent, whoever it acts for, and non-reviewers may not decide, and that is on record (T07)', async () => {
  const request = await held.hold({ onBehalfOf: 'CLEO@example.com' });
  const dora = await addPerson(at, 'dora', ['security']);
  assert.equal(await told(vote(at.admin, request, 'approve')), 'self-approval');
  assert.equal(await told(vote(cleo, request, 'approve')), 'self-approval');
  assert.equal(await told(vote(dora, request, 'deny')), 'not-allowed');
  const refused = (await recordedEvents(at.prisma)).filter(
    (event) => event.type === 'vote.refused' && event.text.includes(request.id),
  );
  assert.equal(refused.length, 3);
  assert.equal(await statusOf(request.id), 'pending');
});

test('handing an agent to somebody else does not make its old calls your own to approve', async () => {
  const request = await held.hold();
  await at.prisma.agent.updateMany({ data: { ownerId: ben.id } });
  assert.equal(await told(vote(at.admin, request, 'approve')), 'self-approval');
  assert.equal(await told(vote(ben, request, 'approve')), 'self-approval');
  await at.prisma.agent.updateMany({ data: { ownerId: at.admin.id } });
});

test('two are needed: one human voting twice counts once (T08), a role that was lost does not count (T09)', async () => {
  const request = await held.hold({ quorum: 2 });
  assert.equal(await told(vote(ben, request, 'approve')), 'counted pending');
  assert.equal(await told(vote(ben, request, 'approve')), 'counted pending');
  const eve = await addPerson(at, 'eve');
  assert.equal(await told(vote(eve, await held.hold({ quorum: 2 }), 'approve')), 'counted pending');
  await changePerson(at, at.admin, ben.id, { roles: ['security'] });
  assert.equal(await told(vote(eve, request, 'approve')), 'counted pending');
  await changePerson(at, at.admin, ben.id, { roles: ['reviewer'] });
  assert.equal(await told(vote(cleo, request, 'approve')), 'decided approved');
});

test('an approval older than a quarter of an hour has aged', async () => {
  const request = await held.hold({ quorum: 2 });
  await vote(ben, request, 'approve');
  await at.prisma.vote.updateMany({
    where: { requestId: request.id },
    data: { castAt: new Date(Date.now() - 16 * 60_000) },
  });
  assert.equal(await told(vote(cleo, request, 'approve')), 'counted pending');
});

test("the database's clock ends a request, before any sweep has written so (T12)", async () => {
  const request = await held.hold();
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET expires_at = clock_timestamp() - interval '1 millisecond' WHERE id = ${request.id}::uuid`;
  assert.equal(await told(vote(ben, request, 'approve')), 'approval-expired');
  assert.equal(await statusOf(request.id), 'pending');
  const unused = await held.hold();
  await vote(ben, unused, 'approve');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET approved_until = clock_timestamp() - interval '1 millisecond' WHERE id = ${unused.id}::uuid`;
  assert.equal(await told(vote(cleo, unused, 'deny')), 'approval-expired');
});

test('a request that is not there is not found', async () => {
  const nowhere = { id: '01900000-0000-7000-8000-000000000000', digest: 'a'.repeat(64) };
  assert.equal(await told(vote(ben, nowhere, 'approve')), 'not-found');
});

test('a claim is shown, blocks nobody, and is taken over when it runs out (T18)', async () => {
  const request = await held.hold();
  const claimed = await claimRequest(at, ben, request.id);
  assert.equal(claimed.ok && claimed.value.claimedBy, 'ben');
  const second = await claimRequest(at, cleo, request.id);
  assert.equal(second.ok ? 'claimed' : second.error.code, 'conflict');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET claim_until = clock_timestamp() - interval '1 second' WHERE id = ${request.id}::uuid`;
  assert.equal((await claimRequest(at, cleo, request.id)).ok, true);
  assert.equal(await told(vote(ben, request, 'deny')), 'decided denied');
});

test('when the log cannot be written the vote does not stand', async () => {
  const request = await held.hold();
  await at.prisma.$executeRawUnsafe('ALTER TABLE audit_inbox ADD CONSTRAINT broken CHECK (event = $$$$) NOT VALID');
  await assert.rejects(vote(ben, request, 'approve'));
  await at.prisma.$executeRawUnsafe('ALTER TABLE audit_inbox DROP CONSTRAINT broken');
  assert.equal(await statusOf(request.id), 'pending');
  assert.equal(await at.prisma.vote.count({ where: { requestId: request.id } }), 0);
});
