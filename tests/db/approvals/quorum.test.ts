import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { escalateDue } from '#lib/server/approvals/escalate-due.ts';
import { escalateRequest } from '#lib/server/approvals/escalate-request.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { withdrawVote } from '#lib/server/approvals/withdraw-vote.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addReviewer, type Held, letVoteFor, sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let held: HeldCalls;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let dan: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ben = await addReviewer(at, 'ben', 'ops', 'sec');
  cleo = await addReviewer(at, 'cleo', 'ops');
  dan = await addReviewer(at, 'dan', 'lead');
});
after(async () => {
  await held.close();
  await at.close();
});

const factors = [
  { groups: ['ops'], count: 1 },
  { groups: ['sec'], count: 1 },
];
const eventsOf = async (request: Held) =>
  (await recordedEvents(at.prisma)).filter((event) => event.text.includes(request.id)).map((event) => event.type);
const recordOf = async (request: Held, reader = at.admin) => {
  const record = await readRequest(at.prisma, at.keys, reader, request.id);
  assert.ok(record);
  return record;
};
const setSubjects = (subject: string | null, ...people: HumanPrincipal[]) =>
  at.prisma.person.updateMany({ where: { id: { in: people.map((one) => one.id) } }, data: { subject } });

test('of two factors one human in both groups fills one place, and the right one (T08)', async () => {
  const request = await held.hold({ terms: { factors } });
  assert.equal(await sayOn(at, ben, request, 'approve'), 'counted pending');
  const record = await recordOf(request);
  assert.deepEqual(record.quorum, { needed: 2, approved: 1 });
  assert.equal(
    record.terms.factors.reduce((sum, factor) => sum + factor.approved, 0),
    1,
  );
  // Cleo can only stand for operations, so ben is counted for security.
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'decided approved');
});

test('who is in none of the groups does not count, and the record says so', async () => {
  const request = await held.hold({ terms: { factors: [{ groups: ['sec'], count: 1 }] } });
  assert.equal(await sayOn(at, dan, request, 'approve'), 'counted pending');
  assert.deepEqual(
    (await recordOf(request)).votes.map((vote) => [vote.personName, vote.counts]),
    [['dan', false]],
  );
  assert.equal(await sayOn(at, ben, request, 'approve'), 'decided approved');
});

test('two accounts of one human count once, and a second account of the owner may not decide at all (T07)', async () => {
  await setSubjects('idp|1', ben, cleo);
  const request = await held.hold({ quorum: 2 });
  assert.equal(await sayOn(at, ben, request, 'approve'), 'counted pending');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'counted pending');
  assert.equal(await sayOn(at, dan, request, 'approve'), 'decided approved');
  await setSubjects('idp|2', at.admin, dan);
  assert.equal(await sayOn(at, dan, await held.hold(), 'approve'), 'self-approval');
  await setSubjects(null, at.admin, ben, cleo, dan);
});

test('whoever may vote for the owner or for whom the agent acts may not decide its calls (T07)', async () => {
  const request = await held.hold({ onBehalfOf: ben.id });
  const delegation = await letVoteFor(at, ben, cleo);
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'self-approval');
  await at.prisma.$executeRaw`UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ${delegation}::uuid`;
  const other = await letVoteFor(at, at.admin, dan);
  assert.equal(await sayOn(at, dan, request, 'approve'), 'self-approval');
  assert.equal((await eventsOf(request)).filter((type) => type === 'vote.refused').length, 2);
  await at.prisma.$executeRaw`UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ${other}::uuid`;
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'decided approved');
});

test('a delegate votes in the place of who delegated: their groups, one seat, recorded as one for the other', async () => {
  const delegation = await letVoteFor(at, ben, dan);
  const request = await held.hold({ terms: { factors: [{ groups: ['sec'], count: 1 }] } });
  assert.equal(await sayOn(at, dan, request, 'approve'), 'counted pending', 'dan himself is not security');
  assert.deepEqual((await recordOf(request, dan)).mayVoteFor, [{ id: ben.id, name: 'ben' }]);
  assert.equal(await sayOn(at, dan, request, 'approve', { forPersonId: ben.id }), 'decided approved');
  const record = await recordOf(request);
  assert.deepEqual(
    record.votes.map((vote) => [vote.personName, vote.forPersonName, vote.counts]),
    [['dan', 'ben', true]],
  );
  assert.ok(record.story.some((event) => event.sentence.includes('dan voted approve for ben on')));

  const two = await held.hold({ quorum: 2 });
  assert.equal(await sayOn(at, dan, two, 'approve', { forPersonId: ben.id }), 'counted pending');
  assert.equal(await sayOn(at, ben, two, 'approve'), 'counted pending', 'ben and his delegate are one seat');
  assert.equal(await sayOn(at, cleo, two, 'approve'), 'decided approved');
  await at.prisma.$executeRaw`UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ${delegation}::uuid`;
});

test('a human who voted from another account is not voted for a second time by a delegate', async () => {
  await setSubjects('idp|3', ben, cleo);
  const delegation = await letVoteFor(at, ben, dan);
  const request = await held.hold({ quorum: 2 });
  assert.equal(await sayOn(at, dan, request, 'approve', { forPersonId: ben.id }), 'counted pending');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'counted pending', 'cleo and ben are one');
  assert.equal((await recordOf(request)).quorum.approved, 1);
  await at.prisma.$executeRaw`UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ${delegation}::uuid`;
  await setSubjects(null, ben, cleo);
});

test('without a running delegation, and for somebody who may not decide, nobody votes in another’s place', async () => {
  const request = await held.hold({ onBehalfOf: cleo.email });
  assert.equal(await sayOn(at, dan, request, 'approve', { forPersonId: ben.id }), 'not-allowed');
  const first = await letVoteFor(at, ben, at.admin);
  assert.equal(await sayOn(at, at.admin, request, 'approve', { forPersonId: ben.id }), 'self-approval');
  // Depth one: what ben may say for cleo is not dan's to say, though ben delegates to dan.
  await at.prisma.$executeRaw`UPDATE delegations SET to_id = ${dan.id}::uuid WHERE id = ${first}::uuid`;
  const other = await held.hold();
  const second = await letVoteFor(at, cleo, ben);
  assert.equal(await sayOn(at, dan, other, 'approve', { forPersonId: cleo.id }), 'not-allowed');
  assert.equal(await sayOn(at, dan, other, 'approve', { forPersonId: ben.id }), 'decided approved');
  await at.prisma.$executeRaw`
    UPDATE delegations SET revoked_at = clock_timestamp() WHERE id IN (${first}::uuid, ${second}::uuid)`;
});

test('a vote taken back does not count; an approval that the rest does not carry is revoked', async () => {
  const request = await held.hold({ quorum: 2 });
  const takeBack = async (who: HumanPrincipal, of: Held, digest = of.digest) => {
    const result = await withdrawVote(at, who, { requestId: of.id, digest });
    return result.ok ? result.value.status : result.error.code;
  };
  assert.equal(await takeBack(ben, request), 'conflict');
  await sayOn(at, ben, request, 'approve');
  assert.equal(await takeBack(ben, request, 'f'.repeat(64)), 'stale-digest');
  assert.equal(await takeBack(ben, request), 'pending');
  assert.equal(await takeBack(ben, request), 'conflict', 'only once');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'counted pending');
  assert.equal(await sayOn(at, ben, request, 'approve'), 'decided approved', 'and it can be given again');
  assert.equal(await takeBack(cleo, request), 'revoked');
  assert.equal(await sayOn(at, cleo, request, 'approve'), 'approval-withdrawn');
  assert.deepEqual((await eventsOf(request)).slice(-3), ['request.approved', 'vote.withdrawn', 'request.revoked']);
});

test('a step asks further groups, whose votes count then, also those that were there already', async () => {
  const terms = {
    factors: [{ groups: ['sec'], count: 1 }],
    escalation: [
      { afterS: 60, groups: ['lead'] },
      { afterS: 600, groups: ['ops'] },
    ],
  };
  const request = await held.hold({ terms });
  assert.equal(await sayOn(at, dan, request, 'approve'), 'counted pending');
  assert.equal((await recordOf(request)).terms.escalationStep, 0);
  const result = await escalateRequest(at, ben, { requestId: request.id, digest: request.digest });
  assert.equal(result.ok && result.value.status, 'approved');
  assert.equal(result.ok && result.value.terms.escalationStep, 1);
  const none = await held.hold();
  const refused = await escalateRequest(at, cleo, { requestId: none.id, digest: none.digest });
  assert.equal(refused.ok ? 'taken' : refused.error.code, 'conflict');
  const own = await escalateRequest(at, at.admin, { requestId: none.id, digest: none.digest });
  assert.equal(own.ok ? 'taken' : own.error.code, 'self-approval');
});

test('before a step’s time only somebody whose groups count already takes it; nobody admits themselves', async () => {
  const terms = {
    factors: [{ groups: ['sec'], count: 1 }],
    escalation: [
      { afterS: 3600, groups: ['lead'] },
      { afterS: 7200, groups: ['ops'] },
    ],
  };
  const request = await held.hold({ terms });
  const ask = async (who: HumanPrincipal) => {
    const result = await escalateRequest(at, who, { requestId: request.id, digest: request.digest });
    return result.ok ? result.value.status : result.error.code;
  };
  assert.equal(await sayOn(at, dan, request, 'approve'), 'counted pending');
  assert.equal(await ask(dan), 'not-allowed');
  assert.deepEqual([(await recordOf(request)).status, (await recordOf(request)).terms.escalationStep], ['pending', 0]);
  assert.match(
    (await recordOf(request, dan)).terms.escalateBar ?? '',
    /^Only somebody in sec may ask further people before it is time/,
  );
  assert.equal((await recordOf(request, ben)).terms.escalateBar, null);
  // Once its time has come anybody who may decide takes it, and whom it asks counts for the next one.
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '3601 seconds',
      expires_at = expires_at + interval '1 day' WHERE id = ${request.id}::uuid`;
  assert.equal((await recordOf(request, cleo)).terms.escalateBar, null);
  assert.equal(await ask(cleo), 'approved');

  const open = await held.hold({ quorum: 2, terms: { escalation: terms.escalation } });
  const anybody = await escalateRequest(at, cleo, { requestId: open.id, digest: open.digest });
  assert.equal(anybody.ok && anybody.value.terms.escalationStep, 1, 'without factors everybody counts already');
});

test('a delegation from the agent’s owner keeps nobody from saying no', async () => {
  const approved = await held.hold({ terms: { undoS: 600 } });
  const waiting = await held.hold();
  assert.equal(await sayOn(at, ben, approved, 'approve'), 'decided approved');
  const given = [await letVoteFor(at, at.admin, cleo), await letVoteFor(at, at.admin, dan)];
  assert.equal(await sayOn(at, dan, waiting, 'approve'), 'self-approval');
  const shown = (await recordOf(waiting, dan)).mayVote;
  assert.equal(!shown.allowed && shown.mayDeny, true, 'and the console leaves the denial open');
  assert.equal(await sayOn(at, dan, waiting, 'deny', { forPersonId: at.admin.id }), 'self-approval');
  assert.equal(await sayOn(at, dan, waiting, 'deny'), 'decided denied');
  const veto = await castVote(at, cleo, { requestId: approved.id, digest: approved.digest, decision: 'deny' }, 'veto');
  assert.equal(veto.ok && veto.value.record.status, 'denied');
  assert.equal(await sayOn(at, at.admin, await held.hold(), 'deny'), 'self-approval');
  await at.prisma.$executeRaw`
    UPDATE delegations SET revoked_at = clock_timestamp() WHERE id = ANY(${given}::uuid[])`;
});

test('two workers take each step that is due exactly once, on the database’s clock', async () => {
  const terms = {
    factors: [{ groups: ['sec'], count: 1 }],
    escalation: [
      { afterS: 60, groups: ['lead'] },
      { afterS: 120, groups: ['ops'] },
    ],
  };
  const requests = await Promise.all(Array.from({ length: 12 }, () => held.hold({ terms })));
  assert.equal(await escalateDue(at.prisma, at.keys), 0, 'nothing is due yet');
  await at.prisma.$executeRaw`
    UPDATE approval_requests SET requested_at = requested_at - interval '5 minutes',
      escalate_at = escalate_at - interval '5 minutes' WHERE status = 'pending' AND escalate_at IS NOT NULL`;
  const counts = await Promise.all([escalateDue(at.prisma, at.keys), escalateDue(at.prisma, at.keys)]);
  let taken = counts[0] + counts[1];
  for (let more = 1; more > 0; taken += more) more = await escalateDue(at.prisma, at.keys);
  assert.equal(taken, 24);
  for (const request of requests) {
    const steps = (await eventsOf(request)).filter((type) => type === 'request.escalated');
    assert.equal(steps.length, 2);
    const { terms: shown } = await recordOf(request);
    assert.deepEqual([shown.escalationStep, shown.escalateAt], [2, null]);
  }
});
