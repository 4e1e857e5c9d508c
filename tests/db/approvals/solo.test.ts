import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let held: HeldCalls;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
});
after(async () => {
  await held.close();
  await at.close();
});

test('alone, the one reviewer decides their own agent, and the log says solo; with a second reviewer that ends', async () => {
  const first = await held.hold();
  const decided = await castVote(at, at.admin, { requestId: first.id, decision: 'approve', digest: first.digest });
  assert.equal(decided.ok && decided.value.outcome, 'decided');
  const approved = (await recordedEvents(at.prisma)).find((event) => event.type === 'request.approved');
  assert.match(approved?.text ?? '', /"separation":"solo"/);

  await addPerson(at, 'ben');
  const second = await held.hold();
  const record = await readRequest(at.prisma, at.keys, at.admin, second.id);
  assert.equal(record?.mayVote.allowed, false);
  const refused = await castVote(at, at.admin, { requestId: second.id, decision: 'approve', digest: second.digest });
  assert.equal(refused.ok ? 'decided' : refused.error.code, 'self-approval');
});

test('disabling the other reviewer frees nothing that was asked while there were two', async () => {
  const ben = await at.prisma.person.findUniqueOrThrow({ where: { email: 'ben@example.com' } });
  const asked = await held.hold();
  const changed = await changePerson(at, at.admin, ben.id, { status: 'disabled' });
  assert.equal(changed.ok, true);
  const refused = await castVote(at, at.admin, { requestId: asked.id, decision: 'approve', digest: asked.digest });
  assert.equal(refused.ok ? 'decided' : refused.error.code, 'self-approval');

  // What is asked from now on is asked in a solo install, and says so.
  const later = await held.hold();
  const decided = await castVote(at, at.admin, { requestId: later.id, decision: 'approve', digest: later.digest });
  assert.equal(decided.ok && decided.value.outcome, 'decided');
});
