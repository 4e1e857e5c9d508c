import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { listDelegations } from '#lib/server/delegations/list-delegations.ts';
import { makeDelegation } from '#lib/server/delegations/make-delegation.ts';
import { revokeDelegation } from '#lib/server/delegations/revoke-delegation.ts';
import { holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addReviewer, sayOn } from '#tests/fixtures/reviewers.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let dora: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ben = await addReviewer(at, 'ben');
  cleo = await addReviewer(at, 'cleo');
  dora = await addPerson(at, 'dora', ['security']);
});
after(() => at.close());

const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000).toISOString();
const delegate = async (from: HumanPrincipal, toId: string, endsAt = inHours(24), startsAt?: string) => {
  const input = { toId, endsAt, reason: 'on holiday', ...(startsAt === undefined ? {} : { startsAt }) };
  const made = await makeDelegation(at, from, input);
  return made.ok ? made.value : made.error.code;
};

test('a reviewer delegates to a reviewer, for at most 14 days, and never to themself', async () => {
  assert.equal(await delegate(ben, ben.id), 'invalid-request');
  assert.equal(await delegate(ben, dora.id), 'not-allowed');
  assert.equal(await delegate(dora, ben.id), 'not-allowed');
  assert.equal(await delegate(ben, cleo.id, inHours(14 * 24 + 1)), 'invalid-request');
  assert.equal(await delegate(ben, cleo.id, inHours(-1)), 'invalid-request');
  assert.equal(await delegate(ben, cleo.id, inHours(45 * 24), inHours(30 * 24)), 'invalid-request');
});

test('one that begins later lets nobody vote yet; one that runs is listed as running, and ends at once', async () => {
  const later = await delegate(ben, cleo.id, inHours(48), inHours(24));
  assert.ok(typeof later !== 'string' && !later.active);
  const held = await holdCalls(at);
  const request = await held.hold({ quorum: 2 });
  assert.deepEqual((await readRequest(at.prisma, at.keys, cleo, request.id))?.mayVoteFor, []);
  assert.equal(await sayOn(at, cleo, request, 'approve', { forPersonId: ben.id }), 'not-allowed');

  const running = await delegate(ben, cleo.id);
  assert.ok(typeof running !== 'string' && running.active);
  assert.equal(await sayOn(at, cleo, request, 'approve', { forPersonId: ben.id }), 'counted pending');
  const counted = async () => (await readRequest(at.prisma, at.keys, cleo, request.id))?.votes[0]?.counts;
  assert.equal(await counted(), true);
  assert.equal((await listDelegations(at.prisma)).items.filter((item) => item.active).length, 1);

  const foreign = await revokeDelegation(at, cleo, running.id);
  assert.equal(foreign.ok ? 'ended' : foreign.error.code, 'not-allowed');
  const ended = await revokeDelegation(at, at.admin, running.id);
  assert.ok(ended.ok && !ended.value.active && ended.value.revokedAt !== null);
  assert.equal(await counted(), false, 'what was said under it does not count any more');
  assert.equal((await revokeDelegation(at, ben, running.id)).ok, true, 'ending it again changes nothing');
  const events = (await recordedEvents(at.prisma)).map((event) => event.type);
  assert.equal(events.filter((type) => type === 'delegation.made').length, 2);
  assert.equal(events.filter((type) => type === 'delegation.revoked').length, 1);
  await held.close();
});
