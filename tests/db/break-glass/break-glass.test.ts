import assert from 'node:assert/strict';
import { after, before, beforeEach, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import { activeBreakGlass } from '#lib/server/break-glass/active.ts';
import { endBreakGlass } from '#lib/server/break-glass/end-break-glass.ts';
import { challengeBreakGlass, openBreakGlass } from '#lib/server/break-glass/open-break-glass.ts';
import { readBreakGlass } from '#lib/server/break-glass/read-break-glass.ts';
import { reviewBreakGlass } from '#lib/server/break-glass/review-break-glass.ts';
import { sweepBreakGlass } from '#lib/server/break-glass/sweep-break-glass.ts';
import { changePerson } from '#lib/server/people/change-person.ts';
import type { Authenticator } from '#tests/fakes/authenticator.ts';
import { type Installation, openInstallation, recordedEvents } from '#tests/fixtures/installation.ts';
import { CONSOLE_HOST, enrol, passkeyDeps } from '#tests/fixtures/passkeys.ts';
import { addPerson } from '#tests/fixtures/people.ts';

let at: Installation;
let ben: HumanPrincipal;
let cleo: HumanPrincipal;
let benKey: Authenticator;
before(async () => {
  at = await openInstallation();
  ben = await addPerson(at, 'ben', ['reviewer', 'security']);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  benKey = await enrol(at, ben);
});
after(() => at.close());

/** Everything as it is when nothing has gone wrong yet, and break-glass is on. */
beforeEach(async () => {
  await at.prisma.breakGlass.deleteMany();
  await at.prisma.auditInbox.deleteMany();
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true, breakGlassGroup: 'on-call' } });
  await changePerson(at, at.admin, ben.id, { groups: ['on-call'], roles: ['reviewer', 'security'] });
});

const TERMS = { reason: 'Nobody else is awake', ticket: 'INC-42', minutes: 10 };
async function open(terms = TERMS, signed = terms) {
  const offered = await challengeBreakGlass(passkeyDeps(at), ben, { ...signed, host: CONSOLE_HOST });
  if (!offered.ok) return offered;
  return openBreakGlass(passkeyDeps(at), ben, { ...terms, assertion: benKey.get(offered.value.options) });
}
const codeOf = (answer: Awaited<ReturnType<typeof open>>) => (answer.ok ? 'opened' : answer.error.code);
async function opened() {
  const answer = await open();
  assert.ok(answer.ok, 'not opened');
  return answer.value.id;
}
const active = () => at.prisma.$transaction((tx) => activeBreakGlass(tx, ben.id));
const typesOf = async () =>
  (await recordedEvents(at.prisma)).map(({ type }) => type).filter((type) => /break/.test(type));
/** Moves an emergency into the past. */
const age = (id: string, hours: number) =>
  at.prisma.$executeRaw`UPDATE break_glass SET opened_at = opened_at - make_interval(hours => ${hours}::int),
    ends_at = ends_at - make_interval(hours => ${hours}::int), review_due = review_due - make_interval(hours => ${hours}::int)
    WHERE id = ${id}::uuid`;

test('it is off by default', async () => {
  const fresh = await openInstallation();
  assert.equal((await readBreakGlass(fresh.prisma, fresh.admin)).enabled, false);
  await fresh.close();
});

test('a member of the group opens one with a passkey, for as long as asked, and it is on record', async () => {
  const id = await opened();
  const now = await active();
  assert.equal(now?.id, id);
  const row = await at.prisma.breakGlass.findUniqueOrThrow({ where: { id } });
  assert.equal(row.endsAt.getTime() - row.openedAt.getTime(), 600_000);
  assert.equal(row.reviewDue.getTime() - row.openedAt.getTime(), 86_400_000);
  assert.match(JSON.stringify(row.assertion), /clientDataJSON/);
  const event = (await recordedEvents(at.prisma)).find(({ type }) => type === 'break-glass.opened');
  assert.match(event?.text ?? '', /INC-42/);
  assert.doesNotMatch(
    event?.text ?? '',
    /Nobody else is awake/,
    'the reason is sealed, only its commitment is in the entry',
  );
});

test('nobody opens one while it is off, from outside the group, without reviewer, or twice', async () => {
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: false } });
  assert.equal(codeOf(await open()), 'not-allowed');
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true, breakGlassGroup: 'others' } });
  assert.equal(codeOf(await open()), 'not-allowed');
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassGroup: 'on-call' } });
  await changePerson(at, at.admin, ben.id, { roles: ['security'] });
  assert.equal(codeOf(await open()), 'not-allowed');
  await changePerson(at, at.admin, ben.id, { roles: ['reviewer', 'security'] });
  await opened();
  assert.equal(codeOf(await open()), 'conflict');
});

test('two tries at the same moment open one', async () => {
  const first = await challengeBreakGlass(passkeyDeps(at), ben, { ...TERMS, host: CONSOLE_HOST });
  const second = await challengeBreakGlass(passkeyDeps(at), ben, { ...TERMS, host: CONSOLE_HOST });
  assert.ok(first.ok && second.ok);
  const say = (options: unknown) => openBreakGlass(passkeyDeps(at), ben, { ...TERMS, assertion: benKey.get(options) });
  const answers = await Promise.all([say(first.value.options), say(second.value.options)]);
  assert.equal(answers.filter((answer) => answer.ok).length, 1);
  assert.equal(await at.prisma.breakGlass.count(), 1);
});

test('the passkey signs the reason, the ticket and the minutes; without it nothing opens, and each try is on record', async () => {
  assert.equal(codeOf(await open({ ...TERMS, minutes: 15 }, TERMS)), 'step-up-failed');
  assert.equal(codeOf(await open({ ...TERMS, ticket: 'INC-43' }, TERMS)), 'step-up-failed');
  assert.equal(codeOf(await open({ ...TERMS, reason: 'Because' }, TERMS)), 'step-up-failed');
  const bare = await openBreakGlass(passkeyDeps(at), ben, { ...TERMS, assertion: undefined });
  assert.equal(codeOf(bare), 'step-up-required');
  assert.equal(await active(), null);
  assert.deepEqual(
    await typesOf(),
    Array.from({ length: 4 }, () => 'break-glass.refused'),
  );
});

test('it is over when it is ended, when it has run out, when it is switched off, and when the person leaves the group', async () => {
  const id = await opened();
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: false } });
  assert.equal(await active(), null);
  await at.prisma.settings.update({ where: { id: 1 }, data: { breakGlassEnabled: true } });
  await changePerson(at, at.admin, ben.id, { groups: [] });
  assert.equal(await active(), null);
  await changePerson(at, at.admin, ben.id, { groups: ['on-call'] });
  assert.equal((await active())?.id, id);
  await age(id, 1);
  assert.equal(await active(), null, 'before any sweep has written so');
  const second = await opened();
  assert.ok((await endBreakGlass(at, cleo, second)).ok);
  assert.equal(await active(), null);
  const again = await endBreakGlass(at, ben, second);
  assert.equal(again.ok ? 'ended' : again.error.code, 'conflict');
});

test('only its opener, security or an admin ends one', async () => {
  const id = await opened();
  const dora = { ...cleo, id: '01900000-0000-7000-8000-000000000001', roles: ['reviewer'] as const };
  const refused = await endBreakGlass(at, dora, id);
  assert.equal(refused.ok ? 'ended' : refused.error.code, 'not-allowed');
  assert.ok((await endBreakGlass(at, ben, id)).ok);
});

test('a vote that is being counted under it is waited for before it ends', async () => {
  const id = await opened();
  const order: string[] = [];
  let ending: Promise<unknown> | undefined;
  await at.prisma.$transaction(async (tx) => {
    assert.equal((await activeBreakGlass(tx, ben.id))?.id, id);
    ending = endBreakGlass(at, ben, id).then(() => order.push('ended'));
    // Waits until the other transaction stands in line for this one's row.
    for (;;) {
      const rows = await tx.$queryRaw<{ waiting: number }[]>`
        SELECT count(*)::int AS waiting FROM pg_locks WHERE NOT granted AND locktype IN ('transactionid', 'tuple')`;
      if ((rows[0]?.waiting ?? 0) > 0) break;
    }
    order.push('counted');
  });
  await ending;
  assert.deepEqual(order, ['counted', 'ended']);
});

test('another person holding security reviews it, after it is over, once', async () => {
  const id = await opened();
  const review = async (who: HumanPrincipal) => {
    const answer = await reviewBreakGlass(at, who, { id, note: 'Looked at every decision' });
    return answer.ok ? 'reviewed' : answer.error.code;
  };
  assert.equal(await review(cleo), 'conflict', 'still open');
  await endBreakGlass(at, ben, id);
  assert.equal(await review({ ...cleo, roles: ['reviewer'] }), 'not-allowed');
  assert.equal(await review(ben), 'second-person-needed');
  assert.equal(await review(cleo), 'reviewed');
  assert.equal(await review(cleo), 'conflict');
  const [session] = (await readBreakGlass(at.prisma, ben)).sessions;
  assert.deepEqual([session?.reviewedBy, session?.overdue, session?.mine], ['cleo', false, true]);
  assert.deepEqual(await typesOf(), ['break-glass.opened', 'break-glass.ended', 'break-glass.reviewed']);
});

test('without a review within a day it is overdue, said once, and its opener opens no other until then', async () => {
  const id = await opened();
  await age(id, 25);
  assert.equal(await sweepBreakGlass(at.prisma, at.keys), 2);
  assert.equal(await sweepBreakGlass(at.prisma, at.keys), 0);
  assert.deepEqual(await typesOf(), ['break-glass.opened', 'break-glass.ended', 'break-glass.overdue']);
  assert.equal((await readBreakGlass(at.prisma, cleo)).sessions[0]?.overdue, true);
  assert.equal(codeOf(await open()), 'conflict');
  assert.match((await readBreakGlass(at.prisma, ben)).mayOpen.sentence, /not reviewed in time/);
  assert.ok((await reviewBreakGlass(at, cleo, { id, note: 'Late, but looked at' })).ok);
  assert.equal(codeOf(await open()), 'opened');
});

test('alone then and alone now, the same person reviews, and the record says so', async () => {
  const before = await opened();
  await endBreakGlass(at, ben, before);
  await changePerson(at, at.admin, cleo.id, { roles: ['security'] });
  await changePerson(at, at.admin, at.admin.id, { roles: ['admin', 'security'] });
  const early = await reviewBreakGlass(at, ben, { id: before, note: 'I am alone for a moment' });
  assert.equal(early.ok ? 'done' : early.error.code, 'second-person-needed');
  const id = await opened();
  await endBreakGlass(at, ben, id);
  assert.ok((await reviewBreakGlass(at, ben, { id, note: 'I was alone' })).ok);
  const event = (await recordedEvents(at.prisma)).find(({ type }) => type === 'break-glass.reviewed');
  assert.match(event?.text ?? '', /"separation":"solo"/);
  await changePerson(at, at.admin, cleo.id, { roles: ['reviewer', 'security'] });
  await changePerson(at, at.admin, at.admin.id, { roles: ['admin', 'reviewer', 'security'] });
});

test('the database takes no emergency longer than a quarter of an hour', async () => {
  await assert.rejects(
    at.prisma.breakGlass.create({
      data: {
        id: '01900000-0000-7000-8000-000000000002',
        personId: ben.id,
        reason: 'r',
        ticket: 't',
        openedAt: new Date(),
        endsAt: new Date(Date.now() + 16 * 60_000),
        reviewDue: new Date(),
      },
    }),
    /break_glass_length_check/,
  );
});
