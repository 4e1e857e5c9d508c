// One admin alone makes no second person: whoever they bring in or give power counts as them, until it is vouched for.
import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal, Role } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { castVote } from '#lib/server/approvals/cast-vote.ts';
import { readRequest } from '#lib/server/approvals/read-request.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import { confirmPerson } from '#lib/server/people/confirm-person.ts';
import { invitePerson } from '#lib/server/people/create-link.ts';
import { listPeople } from '#lib/server/people/list-people.ts';
import { readSeparation } from '#lib/server/people/read-separation.ts';
import { redeemLink } from '#lib/server/people/redeem-link.ts';
import { isSameHuman } from '#lib/server/people/same-human.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { type HeldCalls, holdCalls } from '#tests/fixtures/held-calls.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { addPerson, CONSOLE_URL, OPERATOR, PASSWORD, signInAs, tokenOf } from '#tests/fixtures/people.ts';
import { inForce, publish, rule } from '#tests/fixtures/policies.ts';

const ALL = ['admin', 'reviewer', 'security'] as const;
let at: Installation;
let held: HeldCalls;
let ana: HumanPrincipal;
let ben: HumanPrincipal;
let count = 0;
before(async () => {
  at = await openInstallation();
  held = await holdCalls(at);
  ana = await signInAs(at, at.admin.email);
  ben = await addPerson(at, 'ben', ALL);
  await age();
});
beforeEach(() => at.prisma.attemptWindow.deleteMany());
after(async () => {
  await held.close();
  await at.close();
});

const codeOf = (done: Result<unknown, { readonly code: string }>) => (done.ok ? 'done' : done.error.code);
/** The installation two days later: its first day is over, and so is every tie. */
async function age() {
  await at.prisma.$executeRaw`UPDATE people SET created_at = created_at - interval '2 days'`;
  await at.prisma.$executeRaw`
    UPDATE person_ties SET made_at = made_at - interval '2 days', ends_at = ends_at - interval '2 days'
    WHERE confirmed_at IS NULL`;
}
/** Somebody invited by an admin, as the console does it. */
async function bringIn(by: HumanPrincipal, roles: readonly Role[] = ['reviewer']): Promise<HumanPrincipal> {
  const name = `new${++count}`;
  const input = { email: `${name}@example.com`, roles, groups: [] };
  const invited = await invitePerson({ ...at, consoleUrl: CONSOLE_URL }, by, input);
  assert.ok(invited.ok, JSON.stringify(invited));
  assert.ok((await redeemLink(at, { token: tokenOf(invited.value.link), name, password: PASSWORD })).ok);
  return signInAs(at, input.email);
}
const ballot = ({ id, digest }: { readonly id: string; readonly digest: string }) =>
  ({ requestId: id, digest, decision: 'approve' }) as const;
async function vote(voter: HumanPrincipal, call: { readonly id: string; readonly digest: string }) {
  const cast = await castVote(at, voter, ballot(call));
  return cast.ok
    ? (await at.prisma.approvalRequest.findUniqueOrThrow({ where: { id: call.id } })).status
    : cast.error.code;
}
const tiesOf = async (id: string) =>
  (await listPeople(at.prisma, ana)).items.find((one) => one.id === id)?.countsWith.map((tie) => tie.email);

test('on the first day of an installation nobody is tied: there is nobody yet who could vouch', async () => {
  const fresh = await openInstallation();
  try {
    const first = await signInAs(fresh, fresh.admin.email);
    const input = { email: 'cleo@example.com', roles: ['reviewer'] as const, groups: [] };
    const invited = await invitePerson({ ...fresh, consoleUrl: CONSOLE_URL }, first, input);
    assert.ok(invited.ok);
    const made = await redeemLink(fresh, { token: tokenOf(invited.value.link), name: 'Cleo', password: PASSWORD });
    assert.ok(made.ok);
    assert.equal(await isSameHuman(fresh.prisma, first.id, made.value.personId), false);
    assert.equal(await readSeparation(fresh.prisma), 'full');
  } finally {
    await fresh.close();
  }
});

test('a puppet by invitation neither approves for its maker nor fills a second place; an honest colleague does', async () => {
  const puppet = await bringIn(ana);
  assert.deepEqual(await tiesOf(puppet.id), [ana.email]);
  assert.equal(await vote(puppet, await held.hold()), 'self-approval', 'the agent is ana’s');
  const stranger = await bringIn(ben);
  await at.prisma.agent.updateMany({ data: { ownerId: stranger.id } });
  const call = await held.hold({ quorum: 2 });
  await at.prisma.approvalRequest.update({ where: { id: call.id }, data: { agentOwnerId: stranger.id } });
  assert.equal(await vote(ana, call), 'pending');
  assert.equal(await vote(puppet, call), 'pending', 'one human with two accounts is one of two');
  const row = await readRequest(at.prisma, at.keys, puppet, call.id);
  assert.equal(row?.quorum.approved, 1);
  assert.match(row?.votes.at(-1)?.countsWith ?? '', /^Counts as one person with ana@example\.com until/);
  await at.prisma.agent.updateMany({ data: { ownerId: ana.id } });
  const own = await readRequest(at.prisma, at.keys, puppet, (await held.hold()).id);
  assert.match(
    own?.mayVote.allowed === false ? own.mayVote.sentence : '',
    /Counts as one person with ana@example\.com until/,
  );
  assert.equal(await vote(ben, await held.hold()), 'approved', 'the twin');
  await age();
  assert.equal(await vote(puppet, await held.hold()), 'approved', 'a day later they count for themselves');
});

test('a second admin who was here before confirms an honest newcomer; a maker, a puppet and a newcomer do not', async () => {
  const newcomer = await bringIn(ana);
  const puppet = await bringIn(ana, ['security']);
  const late = await bringIn(ben, ['admin']);
  const confirm = async (by: HumanPrincipal) => codeOf(await confirmPerson(at, by, newcomer.id));
  assert.equal(await confirm(ana), 'second-person-needed', 'who made it');
  assert.equal(await confirm(puppet), 'second-person-needed', 'who counts with who made it');
  assert.equal(await confirm(late), 'second-person-needed', 'whom nobody has confirmed');
  assert.equal(await confirm(newcomer), 'not-allowed');
  assert.equal(await vote(newcomer, await held.hold()), 'self-approval');
  await at.prisma.personSession.update({ where: { id: ben.sessionId }, data: { reauthAt: new Date(0) } });
  assert.equal(await confirm(ben), 'step-up-required', 'a borrowed browser vouches for nobody');
  ben = await signInAs(at, ben.email);
  assert.equal(await confirm(ben), 'done');
  assert.deepEqual(await tiesOf(newcomer.id), []);
  assert.equal(await vote(newcomer, await held.hold()), 'approved');
  assert.equal(await confirm(ben), 'conflict', 'there is nothing to vouch for any more');
  const told = (await recordedEvents(at.prisma))
    .filter((event) => event.text.includes(newcomer.id))
    .map((event) => event.type);
  assert.ok(told.includes('person.tied') && told.includes('person.confirmed'));
  const tie = await at.prisma.personTie.findFirstOrThrow({ where: { personId: puppet.id } });
  const forged = { confirmedBy: ana.id, confirmedByName: 'Ana', confirmedAt: new Date() };
  await assert.rejects(at.prisma.personTie.update({ where: { id: tie.id }, data: forged }), /apart from both/);
  assert.equal(codeOf(await confirmPerson(at, OPERATOR, puppet.id)), 'done', 'the operator at the host');
  await age();
});

test('a role is a gift too: an account that waited without one does not become a second person by it', async () => {
  const sleeper = await bringIn(ana, ['security']);
  await age();
  assert.equal(codeOf(await changePerson(at, ana, sleeper.id, { roles: ['reviewer', 'security'] })), 'done');
  assert.equal(await vote(sleeper, await held.hold()), 'self-approval');
  await age();
  assert.equal(codeOf(await changePerson(at, ana, sleeper.id, { groups: ['ops'] })), 'done');
  assert.equal(await vote(sleeper, await held.hold()), 'approved', 'the twin: a group makes nobody of anybody');
  assert.equal(codeOf(await changePerson(at, ana, sleeper.id, { status: 'disabled' })), 'done');
  assert.equal(codeOf(await changePerson(at, ana, sleeper.id, { status: 'active' })), 'done');
  assert.deepEqual(await tiesOf(sleeper.id), [ana.email], 'so is being let in again');
  await age();
});

test('two admins who gave the same person something vouch for each other’s gift, and stay two', async () => {
  const shared = await bringIn(ana);
  assert.equal(codeOf(await changePerson(at, ben, shared.id, { roles: ['reviewer', 'security'] })), 'done');
  assert.deepEqual((await tiesOf(shared.id))?.sort(), [ana.email, ben.email]);
  assert.equal(await isSameHuman(at.prisma, ana.id, ben.id), false, 'what they share makes them no one human');
  const owner = await addPerson(at, 'owner');
  const call = await held.hold({ quorum: 2 });
  await at.prisma.agent.updateMany({ data: { ownerId: owner.id } });
  await at.prisma.approvalRequest.update({ where: { id: call.id }, data: { agentOwnerId: owner.id } });
  assert.equal(await vote(shared, call), 'self-approval', 'who could be either of two votes as neither');
  assert.equal(await vote(ana, call), 'pending');
  assert.equal(await vote(ben, call), 'approved', 'and the two are two');
  await at.prisma.agent.updateMany({ data: { ownerId: ana.id } });
  assert.equal(codeOf(await confirmPerson(at, ben, shared.id)), 'done');
  assert.deepEqual(await tiesOf(shared.id), [ben.email], 'his own gift is not his to confirm');
  assert.equal(codeOf(await confirmPerson(at, ben, shared.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmPerson(at, ana, shared.id)), 'done');
  assert.equal(await isSameHuman(at.prisma, ana.id, ben.id), false);
});

test('where two people are asked for, a puppet is none: restore, observe and loosening', async () => {
  const puppet = await bringIn(ana, ALL);
  assert.ok((await kill(at, ana, { scope: 'everything', reason: 'drill' })).ok);
  const restore = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(restore.ok);
  assert.equal(codeOf(await confirmRestore(at, puppet, restore.value.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmRestore(at, ben, restore.value.id)), 'done', 'the twin');
  const opened = await openWindow(at, ana, { scope: 'server:host', minutes: 60, reason: 'first week' });
  assert.ok(opened.ok);
  assert.equal(codeOf(await confirmWindow(at, puppet, opened.value.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmWindow(at, ben, opened.value.id)), 'done', 'the twin');
  await inForce(at, ana, ben, [rule('no-shell', 'deny', { when: { classes: ['shell'] } })]);
  const proposed = await publish(at, ana, []);
  assert.equal(codeOf(await approvePolicy(at, puppet, proposed.version, proposed)), 'second-person-needed');
  assert.equal(codeOf(await approvePolicy(at, ben, proposed.version, proposed)), 'done', 'the twin');
  await age();
});

test('nobody becomes the only reviewer by their own hand within a day; the host may arrange it at once', async () => {
  const alone = await openInstallation();
  try {
    const first = await signInAs(alone, alone.admin.email);
    const [one, two, three] = await Promise.all(['one', 'two', 'three'].map((name) => addPerson(alone, name)));
    assert.ok(one !== undefined && two !== undefined && three !== undefined);
    const shut = async (
      by: Parameters<typeof changePerson>[1],
      id: string,
      how: Parameters<typeof changePerson>[3],
    ) => {
      assert.equal(codeOf(await changePerson(alone, by, id, how)), 'done');
      return readSeparation(alone.prisma);
    };
    assert.equal(await shut(first, three.id, { status: 'disabled' }), 'full', 'two others are left');
    await alone.prisma.$executeRaw`UPDATE people SET created_at = created_at - interval '2 days'`;
    assert.equal(await shut(OPERATOR, two.id, { status: 'disabled' }), 'full');
    assert.equal(await shut(first, one.id, { roles: [] }), 'full', 'ana took the role from the last one');
    await alone.prisma.$executeRaw`UPDATE people SET shut_out_at = shut_out_at - interval '25 hours'`;
    assert.equal(await readSeparation(alone.prisma), 'solo', 'a day later');
    assert.equal(await shut(OPERATOR, one.id, { roles: ['reviewer'] }), 'full');
    assert.equal(await shut(OPERATOR, one.id, { status: 'disabled' }), 'solo', 'the twin: the host');
  } finally {
    await alone.close();
  }
});

test('a solo install stays solo until a newcomer counts, and the newcomer gains nothing by it', async () => {
  const alone = await openInstallation();
  const calls = await holdCalls(alone);
  try {
    const first = await signInAs(alone, alone.admin.email);
    await alone.prisma.$executeRaw`UPDATE people SET created_at = created_at - interval '2 days'`;
    const input = { email: 'dora@example.com', roles: ['reviewer'] as const, groups: [] };
    const invited = await invitePerson({ ...alone, consoleUrl: CONSOLE_URL }, first, input);
    assert.ok(invited.ok);
    assert.ok((await redeemLink(alone, { token: tokenOf(invited.value.link), name: 'Dora', password: PASSWORD })).ok);
    const dora = await signInAs(alone, input.email);
    assert.equal(await readSeparation(alone.prisma), 'solo');
    const call = await calls.hold();
    const tried = await castVote(alone, dora, ballot(call));
    assert.equal(tried.ok ? 'voted' : tried.error.code, 'self-approval');
    assert.ok((await castVote(alone, first, ballot(call))).ok, 'the one reviewer goes on');
    assert.equal(codeOf(await confirmPerson(alone, OPERATOR, dora.id)), 'done');
    assert.equal(await readSeparation(alone.prisma), 'full');
    assert.ok((await castVote(alone, dora, ballot(await calls.hold()))).ok);
  } finally {
    await calls.close();
    await alone.close();
  }
});
