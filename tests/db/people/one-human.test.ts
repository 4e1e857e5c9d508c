// One human with two accounts is one person wherever two people are asked for.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { HumanPrincipal } from '#lib/core/identity/principals.ts';
import type { Result } from '#lib/core/result.ts';
import { reviewBreakGlass } from '#lib/server/break-glass/review-break-glass.ts';
import { kill } from '#lib/server/kill-switch/kill.ts';
import { confirmRestore, openRestore } from '#lib/server/kill-switch/restore.ts';
import { confirmWindow } from '#lib/server/observe/confirm-window.ts';
import { openWindow } from '#lib/server/observe/open-window.ts';
import { approvePolicy } from '#lib/server/policies/approve-policy.ts';
import { loosenedBy } from '#lib/server/policies/loosened-by.ts';
import { type Installation, openInstallation } from '#tests/fixtures/installation.ts';
import { addPerson } from '#tests/fixtures/people.ts';
import { addShop, inForce, publish, rule } from '#tests/fixtures/policies.ts';

let at: Installation;
let ana: HumanPrincipal;
let other: HumanPrincipal;
let cleo: HumanPrincipal;
before(async () => {
  at = await openInstallation();
  ana = at.admin;
  await addShop(at);
  other = await addPerson(at, 'ana2', ['admin', 'reviewer', 'security']);
  cleo = await addPerson(at, 'cleo', ['reviewer', 'security']);
  await at.prisma.person.updateMany({ where: { id: { in: [ana.id, other.id] } }, data: { subject: 'idp|ana' } });
});
after(() => at.close());

const codeOf = (done: Result<unknown, { readonly code: string }>) => (done.ok ? 'done' : done.error.code);
const noRefunds = rule('no-refunds', 'deny', { when: { classes: ['money'] } });

test('the other account of an author does not approve what they wrote, and is barred from the calls with them', async () => {
  await inForce(at, ana, cleo, [noRefunds]);
  const proposed = await publish(at, ana, []);
  assert.equal(codeOf(await approvePolicy(at, other, proposed.version, proposed)), 'second-person-needed');
  assert.equal(codeOf(await approvePolicy(at, cleo, proposed.version, proposed)), 'done');
  const call = { agent: 'bot', server: 'shop', tool: 'refund', tier: 'high', actionClass: 'money' } as const;
  assert.deepEqual([...(await loosenedBy(at.prisma, call))].sort(), [ana.id, other.id].sort());
});

test('the other account of who opened a window does not confirm it', async () => {
  const opened = await openWindow(at, ana, { scope: 'server:shop', minutes: 60, reason: 'first week' });
  assert.ok(opened.ok);
  assert.equal(codeOf(await confirmWindow(at, other, opened.value.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmWindow(at, cleo, opened.value.id)), 'done');
});

test('the other account of who opened a restore does not complete it', async () => {
  assert.ok((await kill(at, ana, { scope: 'everything', reason: 'drill' })).ok);
  const opened = await openRestore(at, ana, { scope: 'everything', reason: 'over' });
  assert.ok(opened.ok, JSON.stringify(opened));
  assert.equal(codeOf(await confirmRestore(at, other, opened.value.id)), 'second-person-needed');
  assert.equal(codeOf(await confirmRestore(at, cleo, opened.value.id)), 'done');
});

test('the other account of who had an emergency does not review it', async () => {
  const { id } = await at.prisma.breakGlass.create({
    data: {
      id: '01990000-0000-7000-8000-000000000001',
      personId: ana.id,
      reason: 'r',
      ticket: 't',
      openedAt: new Date(Date.now() - 600_000),
      endsAt: new Date(Date.now() - 60_000),
      reviewDue: new Date(Date.now() + 3_600_000),
    },
  });
  assert.equal(codeOf(await reviewBreakGlass(at, other, { id, note: 'fine' })), 'second-person-needed');
  assert.equal(codeOf(await reviewBreakGlass(at, cleo, { id, note: 'fine' })), 'done');
});
