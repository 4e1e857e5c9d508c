// One admin alone takes over or shuts out an account: neither makes them a second person, or the only one.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal, Role } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { confirmPerson } from '#lib/server/people/confirm-person.ts';
import { createResetLink, invitePerson } from '#lib/server/people/create-link.ts';
import { readSeparation } from '#lib/server/people/read-separation.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { isSameHuman } from '#lib/server/people/same-human.ts';
import { holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';

const ALL = ['admin', 'reviewer', 'security'] as const;
let at: Installation;
/** Here before ana, so that her id sorts before. */
let ben: HumanPrincipal;
let ana: HumanPrincipal;
let count = 0;
before(async () => {
  at = await openInstallation();
  ben = await signInAs(at, at.admin.email);
  ana = await addPerson(at, 'later', ALL);
  await age();
});
/** Two reviewers who count for themselves, and nothing else that is remembered. */
beforeEach(async () => {
  await at.prisma.attemptWindow.deleteMany();
  await age();
  await at.prisma.person.updateMany({ data: { status: 'disabled', shutOutAt: null } });
  await at.prisma.person.updateMany({
    where: { id: { in: [ana.id, ben.id] } },
    data: { status: 'active', roles: [...ALL] },
  });
  ana = await signInAs(at, ana.email);
  ben = await signInAs(at, ben.email);
  assert.equal(await readSeparation(at.prisma), 'full');
});
after(() => at.close());

const codeOf = (done: Result<unknown, { readonly code: string }>) => (done.ok ? 'done' : done.error.code);
/** The installation two days later: its first day is over, and so are ties, resets and shutting out. */
async function age() {
  await at.prisma.$executeRaw`
    UPDATE people SET created_at = created_at - interval '2 days', shut_out_at = shut_out_at - interval '2 days'`;
  await at.prisma.$executeRaw`UPDATE one_time_links SET used_at = used_at - interval '2 days'`;
  await at.prisma.$executeRaw`
    UPDATE person_ties SET made_at = made_at - interval '2 days', ends_at = ends_at - interval '2 days'
    WHERE confirmed_at IS NULL`;
}
async function bringIn(by: HumanPrincipal, roles: readonly Role[]): Promise<HumanPrincipal> {
  const name = `puppet${++count}`;
  const input = { email: `${name}@example.com`, roles, groups: [] };
  const invited = await invitePerson({ ...at, consoleUrl: CONSOLE_URL }, by, input);
  assert.ok(invited.ok, JSON.stringify(invited));
  assert.ok((await redeemLink(at, { token: tokenOf(invited.value.link), name, password: PASSWORD })).ok);
  return signInAs(at, input.email);
}
/** Whoever makes the link uses it: from now on they have a session of the other account. */
async function takeOver(by: HumanPrincipal, email: string): Promise<HumanPrincipal> {
  const made = await createResetLink({ ...at, consoleUrl: CONSOLE_URL }, by, email);
  assert.ok(made.ok, JSON.stringify(made));
  assert.ok((await redeemLink(at, { token: tokenOf(made.value.link), password: PASSWORD })).ok);
  return signInAs(at, email);
}
const change = async (
  by: Parameters<typeof changePerson>[1],
  id: string,
  how: Parameters<typeof changePerson>[3],
): Promise<string> => {
  assert.equal(codeOf(await changePerson(at, by, id, how)), 'done');
  return readSeparation(at.prisma);
};

test('whoever resets a reviewer and steps down in their name is not alone by it', async () => {
  const taken = await takeOver(ana, ben.email);
  assert.equal(await change(taken, ben.id, { roles: ['admin', 'security'] }), 'full');
  await age();
  assert.equal(await readSeparation(at.prisma), 'solo', 'a day later');
  await change(OPERATOR, ben.id, { roles: ALL });
  ben = await signInAs(at, ben.email);
  assert.equal(await change(ben, ben.id, { roles: ['admin', 'security'] }), 'solo', 'the twin: of their own will');
});

test('whoever takes the role from the other reviewer and gives it back is not alone by it', async () => {
  assert.equal(await change(ana, ben.id, { roles: ['admin', 'security'] }), 'full');
  assert.equal(await change(ana, ben.id, { roles: ALL }), 'full', 'they review again');
  await age();
  assert.equal(await change(ana, ben.id, { status: 'disabled' }), 'full');
  assert.equal(await change(ana, ben.id, { status: 'active' }), 'full', 'they are let in again');
  await at.prisma.$executeRaw`UPDATE people SET shut_out_at = NULL`;
  assert.equal(await readSeparation(at.prisma), 'full', 'and go on counting when the day of it is over');
});

test('a newcomer who never counted leaves the one reviewer as they were', async () => {
  assert.equal(await change(OPERATOR, ben.id, { status: 'disabled' }), 'solo');
  const newcomer = await bringIn(ana, ['reviewer']);
  assert.equal(await readSeparation(at.prisma), 'solo');
  assert.equal(await change(ana, newcomer.id, { status: 'disabled' }), 'solo');
  assert.equal(await change(OPERATOR, ana.id, { roles: ['admin'] }), 'full', 'nobody who reviews is not solo');
  await at.prisma.$executeRaw`UPDATE people SET shut_out_at = clock_timestamp() WHERE id = ${ben.id}::uuid`;
  assert.equal(await readSeparation(at.prisma), 'full', 'whoever was shut out is not the one');
});

test('an account that a puppet reset is no second person, and vouches for no other puppet', async () => {
  const calls = await holdCalls(at);
  try {
    const owner = await addPerson(at, 'owner');
    await at.prisma.agent.updateMany({ data: { ownerId: owner.id } });
    const held = async () => {
      const call = await calls.hold({ quorum: 2 });
      await at.prisma.approvalRequest.update({ where: { id: call.id }, data: { agentOwnerId: owner.id } });
      return { requestId: call.id, digest: call.digest, decision: 'approve' } as const;
    };
    const vote = async (voter: HumanPrincipal, ballot: Awaited<ReturnType<typeof held>>) => {
      const cast = await castVote(at, voter, ballot);
      if (!cast.ok) return cast.error.code;
      return (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: ballot.requestId } })).status;
    };
    const hand = await bringIn(ana, ['admin']);
    const second = await bringIn(ana, ['reviewer']);
    ben = await takeOver(hand, ben.email);
    assert.ok(ben.id < ana.id, 'the order that the keys once went by');
    assert.equal(await isSameHuman(at.prisma, ana.id, ben.id), true);
    assert.equal(codeOf(await confirmPerson(at, ben, second.id)), 'second-person-needed');
    const call = await held();
    assert.equal(await vote(ana, call), 'pending');
    assert.equal(await vote(ben, call), 'pending', 'one human with two accounts is one of two');
    assert.equal(await vote(second, call), 'pending', 'or with three');
    await age();
    const later = await held();
    assert.equal(await vote(ana, later), 'pending');
    assert.equal(await vote(ben, later), 'approved', 'a day later');
  } finally {
    await calls.close();
  }
});

test('two admins stay two when the one reset whom the other gave a role', async () => {
  const shared = await addPerson(at, 'shared', ['reviewer']);
  await takeOver(ana, shared.email);
  assert.equal(codeOf(await changePerson(at, ben, shared.id, { roles: ['reviewer', 'security'] })), 'done');
  assert.equal(await isSameHuman(at.prisma, ana.id, shared.id), true);
  assert.equal(await isSameHuman(at.prisma, shared.id, ben.id), true);
  assert.equal(await isSameHuman(at.prisma, ana.id, ben.id), false);
});
